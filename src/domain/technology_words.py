"""The words of rule 1 as data: technologies, solution verbs, and what tells a wish from a description.

All entries are lower case; a hyphen is a space; a plural in -s need not be listed.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(text.split()).split(", "))


TECHNOLOGIES: Final = _phrases("""
    ai, a i, artificial intelligence, generative ai, gen ai, genai, machine learning, deep learning,
    reinforcement learning, federated learning, transfer learning, neural network, neural net, llm, slm,
    vlm, language model, foundation model, large language model, generative model, diffusion model,
    predictive model, regression model, agentic, multi agent, autonomous agent, virtual agent,
    conversational agent, software agent, intelligent agent, mlops, chat assistant,
    chatbot, chat bot, voicebot, voice bot, bot,
    virtual assistant, voice assistant, digital assistant, smart assistant, writing assistant,
    coding assistant, copilot, co pilot, conversational interface, retrieval augmented generation,
    embeddings, embedding model, word embedding, vector database, vector db, vector store, vector search,
    vector index, semantic search, knowledge graph, nlp, natural language processing, sentiment analysis,
    named entity recognition, topic modelling, topic modeling, text mining, text classification,
    intent classification, ocr, optical character recognition, computer vision, image recognition,
    object detection, face recognition, facial recognition, speech recognition, speech to text,
    text to speech, voice recognition, machine translation, classifier, recommender, recommender system,
    recommendation engine, recommendation system, recommendation algorithm, algorithm, random forest,
    gradient boosting, gradient boosted, boosted tree, xgboost, lightgbm, catboost, decision tree,
    logistic regression, support vector machine, collaborative filtering, k means, convolutional network,
    cnn, lstm, transformer model, transformer network, transformer architecture, vision transformer,
    prompt engineering, prompt template, prompt library, prompt chaining, system prompt, lora adapter,
    synthetic data, predictive analytics, robotic process automation, rpa, blockchain, gpt, chatgpt,
    chat gpt, openai, open ai, anthropic, azure openai, vertex ai, deepseek, qwen, mixtral, midjourney,
    dall e, stable diffusion, langchain, langgraph, llamaindex, llama index, pinecone, weaviate, pgvector,
    hugging face, huggingface, tensorflow, pytorch, scikit learn, dialogflow, rasa, bedrock, sagemaker
""")
"""Words that name a technology wherever they stand."""

HOMOGRAPH_NAMES: Final = _words("""
    claude gemini llama mistral bert roberta whisper grok cohere alexa watson falcon perplexity
""")
"""Names of models that are other names as well: a version or a solution verb must stand beside them."""

VERSIONS: Final = _words("""
    turbo mini nano pro flash ultra sonnet opus haiku large small medium api code studio enterprise
""")

ONLY_CAPITALS: Final = _words("rag ml")
"""In lower case these are a cloth and millilitres, unless a word of `TAILS` or `JOINTS` follows."""

MODEL_NEIGHBOURS: Final = _words("""
    ml train training retrain retraining trained retrained boosted tune tuning tuned deploy classify
    classifies classification predict predicts predicting prediction predictive detect detects detection
    detecting forecast forecasts scoring ranking churn fraud spam filter risk language inference drift
    drifts hallucinates labelled labeled
""")
"""`model` is a technology where one of these is in its sentence, and none of `OTHER_MODELS` before it."""

OTHER_MODELS: Final = _words("""
    business pricing price operating financial revenue subscription role fashion car cars phone product
    products commission service staffing delivery data sales governance support team maturity billing
    license licensing working hybrid mental 3d care franchise funding ownership bike shoe top printer
""")

OTHER_SENSE: Final = {
    "rag": _words("status rating ratings report reports colour color doll"),
    "copilot": _words("captain captains cockpit flight flights airline airlines rally"),
    "algorithm": _words("treatment"),
    "bedrock": _words("geologists drill drilling soil rock"),
    "falcon": _words("bird birds"),
}
"""Where one of these stands in the same sentence the word means something else."""

JOINTS: Final = _words("""
    powered based driven enabled assisted supported backed augmented native first generated enhanced
""")
TAILS: Final = _words("""
    agent assistant model chatbot bot copilot search tool feature pipeline system platform engine solution
    app application network workflow strategy layer service integration architecture triage chat widget
    plugin prototype poc pilot api stack tutor
""")
"""Nouns that belong to a technology's name: AI *assistant*, RAG *pipeline*."""

SOLUTION_VERBS: Final = _phrases("""
    use, utilise, utilize, employ, apply, build, rebuild, create, make, develop, design, code, prototype,
    pilot, test, try, try out, trial, evaluate, explore, investigate, experiment with, play with, work with,
    look into, invest in, add, embed, introduce, incorporate, implement, integrate, include, install,
    set up, stand up, spin up, configure, connect, plug, plug in, hook up, wire, wire up, deploy, launch,
    release, ship, roll out, rollout, bring, bring in, buy, purchase, procure, license, subscribe to, adopt,
    leverage, harness, exploit, train, retrain, fine tune, finetune, host, self host, run, enable,
    switch to, switch over to, move to, migrate to, transition to, change to, convert to, upgrade to,
    shift to, turn to, go with, opt for, go for, rely on, put, put in, place, give, offer, provide, equip,
    let, have, get, want, need, require, propose, start, need for, time for, fine tuning,
    roll out of, case for,
    call for, like, start using, generate, hire, deliver, expose, assign, bet on, standardise on,
    standardize on, introduction of, implementation of, rollout of, deployment of, use of, adoption of,
    integration of, development of, creation of, launch of, trial of, pilot of, purchase of, has, see, do,
    become, go, embrace, pursue, teach, stick, unlock, onboard, go live with, start with, begin with,
    focus on, experiment, delegate to, hand over to, outsource to, route to, feed
""")
"""Who says one of these of a technology, as a wish, proposes it. -s and -ing forms need not be listed."""

WANTING: Final = _phrases("time for, want, need, require, propose, like, need for, case for, call for")
"""These are wishes whoever the subject is: `customers need a chatbot`."""

TAKES_EXISTING: Final = _phrases("""
    use, utilise, utilize, deploy, launch, release, roll out, leverage, harness, apply, implement,
    introduce, integrate, adopt, build, develop, create, ship, install
""")
"""With these even `the chatbot` is proposed, if the sentence is an order or says what *we* wish."""

NAME_VERBS: Final = _phrases("""
    use, utilise, utilize, try, try out, trial, evaluate, adopt, integrate, deploy, leverage, switch to,
    move to, migrate to, upgrade to, change to, transition to, fine tune, finetune, build, roll out, embed,
    run, host, plug, plug in, hook up, connect, wire up, see, go with, experiment with, apply, employ
""")

MEANS: Final = _phrases("""
    with, via, through, powered by, based on, driven by, backed by, enabled by, by means of,
    with the help of, with help from, on top of, in favour of, in favor of, assisted by, supported by,
    built on, handled by, done by, answered by, processed by, sorted by, resolved by, solved by,
    taken over by, replaced by, run by
""")
"""What stands after these is how a goal is to be reached."""

TRANSFERS: Final = _words("""
    replace migrate move switch upgrade convert shift change transition swap substitute transform turn
    evolve extend hook connect plug wire link feed pass pipe send hand delegate outsource route entrust
    leave
""")
TRANSFERRED_TO: Final = _words("to into onto by for")
"""Replace X *by* Y, move *to* Y: after a verb of `TRANSFERS` these name the new thing."""

INTENTS: Final = _words("""
    want wants wanting need needs should shall will would could might must plan plans planning intend
    intends aim aims aiming goal goals idea ideas going hope hopes wish wishes let lets let's consider
    considering propose proposes proposing proposal suggest suggests decided looking objective solution
    vision initiative project hypothesis approach step i'd we'd we'll i'll they'd ought ready require
    requires
""")

IMPROVES: Final = _words("""
    improve reduce cut lower decrease increase raise speed shorten help simplify fix repair understand
    measure monitor retire remove limit control audit restrict explain protect keep double halve stop
    prevent avoid summarise summarize translate predict detect classify answer personalise personalize draft
    write extract find sort triage recommend forecast handle resolve serve support save free win identify
    score rank match tag route check review clean shrink scale move upgrade migrate swap convert
""")
"""A sentence that begins with one of these is an order or a goal, not a description."""

LABELS: Final = _words("""
    goal idea vision solution proposal objective hypothesis approach concept mission step
""")
"""Intents that introduce what is wished: `Solution: …`, `the idea is …`."""

EXPLORES: Final = _words("""
    investigate explore test evaluate check see find study assess try examine analyse analyze prove learn
""")
INFINITIVES: Final = _words("to should would could will might can must shall")
AFTER_NOUNS: Final = frozenset({"", "for", "of", "in", "on", "and", "to", "+", "&"})

MODALS: Final = _words("should would could will might can must shall ought")

DEFINITE: Final = _words("""
    the our their its his her my your this that these those 's existing current today's both each
""")
INDEFINITE: Final = _words("a an another some any one every more own two three several")

NOT_WANTED: Final = _words("""
    no not without fewer less than instead unlike except neither nor nobody none wrong bad worse poor slow
    broken failed failing outdated old unreliable expensive hallucinating biased rather against only
""")
"""Before a technology, in its own noun phrase, these say that it is not proposed."""

NEGATIONS: Final = _words("""
    not never cannot nobody none nor neither without stop avoid refuse refuses refused hesitate afraid
    unable instead ban forbid against hate hates fear fears
""")

SUBJECTS: Final = _words("""
    i we they he she you it people nobody everyone everybody someone staff users customers agents employees
    team department clients patients students nurses doctors analysts teams reps sales lawyers visitors
    tenants citizens residents participants merchants accountants consultants parents colleagues competitors
    executives children half most many some few those who others somebody one physicians guests members
    staffers engineers applicants claimants underwriters
""")
PEOPLE_ENDINGS: Final = ("ers", "ors", "ists", "ees", "ians")
NOT_PEOPLE: Final = _words("""
    answers offers orders numbers papers errors letters newsletters parameters transfers vouchers filters
    folders trailers containers headers banners vendors doors floors sensors colors lists fees trees
    computers servers routers printers reminders tickers browsers stickers trackers helpers twists
""")
"""A plural with such an ending is taken for people, except these."""

DESCRIBES: Final = _words("""
    is are was were has had does did am isn't aren't wasn't took takes take cost costs cause causes caused
    waste wastes lose loses lost spend spends spent wait waits waited ask asks asked complain complains
    complained trust trusts miss misses missed fail fails failed fall falls fell rose rise rises grew grow
    drop drops dropped shows show gives give gave gets got makes made says said sent sends doubled tripled
    drifts drift abandon ignore ignores ignored confuse confuses annoys frustrate frustrates invents invent
    hallucinate hallucinates leaks leak breaks break broke remains keeps kept rejects rejected treats treat
    flags flag recommends repeats repeat requires require forces force forced leaves left churned answered
    understands understand cannot can't doesn't don't didn't won't couldn't struggle struggles went comes
    came told tells hands crashes stalls sounds looks feels felt found finds reads lacks ends ended led
    leads creates produced produces suggests redo redid retype slows
""")
"""Verbs that describe how things are."""

PAINS: Final = _words("""
    error errors complaint complaints refund refunds mistake mistakes latency hallucination hallucinations
    failure failures escalation escalations drift bias outage outages distrust wrong too badly late wrongly
    incorrect inaccurate slow useless unreliable wastes false frustrating misses misreads misroutes
    misunderstands mistranslates misclassifies fails broken confusing abandonment fatigue problem problems
    issue issues incident incidents risk risks rejection trust
""")
"""After a technology, or anywhere in a title, these say that it is what hurts."""

PARTS: Final = _words("""
    answers bill bills cost costs accuracy conversations conversation usage adoption output outputs
    regulation act law laws calls satisfaction sessions handovers handoffs results quality alerts rate
""")
"""After a technology these are what the sentence is about: chatbot *answers*."""

ADVERBS: Final = _words("""
    just simply also then please now quickly first either soon finally maybe perhaps really already actually
    again together even be able
""")

STOPS: Final = _words("""
    of in on at from about over under past for after before until between among during into to with by via
    through as like off out up against behind near within across per and or but & + , how why what whom
    whose because
""")
"""Prepositions and conjunctions: a noun phrase does not reach to the left of one."""

CLAUSE_OPENERS: Final = _words("""
    because since when while where which who whom whose that if although though after before until unless
    whether what whereas once
""")
BEFORE_GERUNDS: Final = _words("that if whether")
CONSEQUENCES: Final = _words("so therefore hence thus")
DURATIONS: Final = _words("""
    second seconds minute minutes hour hours day days week weeks month months year years quarter quarters
    ages
""")
PRONOUNS: Final = _words("i we they he she it nobody everyone everybody")
COORDINATES: Final = _words("and or & + a an then")
VERSIONED: Final = _words("gpt chatgpt qwen deepseek mixtral") | HOMOGRAPH_NAMES
"""Names that a version belongs to: GPT-*4*, Claude *Opus*."""

CUTS: Final = CLAUSE_OPENERS | CONSEQUENCES | {","}
NOUN_PHRASE_ENDS: Final = STOPS | DESCRIBES | INTENTS
