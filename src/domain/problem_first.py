"""Rule 1, problem first: whether a title or a problem proposes a technology, or merely mentions one.

The reading, in four steps (its words are in `technology_words`):

1. The text is cut into sentences, the sentences into clauses.
2. Technologies are found by name; words of other senses ("model", "Claude", "RAG") by what stands near them.
3. A technology is *proposed* where a clause wishes for it ("use X", "we need X"), names it as the means of a
   goal ("… with X"), lets it do the work ("an X should …"), or is nothing but its name ("X for support").
4. It is *mentioned* everywhere else: where it exists ("our X"), is not wanted ("no X"), is part of the pain
   ("X errors"), or where the clause tells how things are ("agents use X").
"""

from collections.abc import Iterator

from msgspec import Struct

from roadlog.domain import technology_words as data
from roadlog.domain.technology_terms import (
    Clause,
    Term,
    clauses,
    describes,
    is_about_people,
    is_people,
    terms,
    word_at,
)

EXAMPLE = (
    "Customers wait 9 hours for an answer, and one in five leaves. We want to reduce support load by 30 %."
)


class Reading(Struct, frozen=True, kw_only=True):
    """The offending words of a text, and the technologies it merely mentions: as written, each once."""

    proposes: tuple[str, ...]
    mentions: tuple[str, ...]


def check(text: str) -> Reading:
    """Read one title or one problem."""
    proposes: dict[str, str] = {}
    mentions: dict[str, str] = {}
    for clause in clauses(text):
        reached = -1
        for term in terms(clause, text):
            first = _proposed_from(clause, term, reached)
            if first is None and term.homograph:
                continue
            begin = clause.words[term.first if first is None else first].start
            written = text[begin : clause.words[term.last].end]
            (mentions if first is None else proposes).setdefault(written.lower(), written)
            reached = reached if first is None else term.last
    return Reading(proposes=tuple(proposes.values()), mentions=tuple(mentions.values()))


def _proposed_from(clause: Clause, term: Term, reached: int) -> int | None:
    """The first of the offending words, or None when the technology is only mentioned.

    `reached` is the last word of the technology proposed before it: in "use X or Y" both have one verb.
    """
    after = word_at(clause, term.last + 1)
    if after == "'s" or after in data.PAINS or after in data.PARTS:
        return None
    if 0 <= reached < term.first and data.COORDINATES.issuperset(clause.texts[reached + 1 : term.first]):
        return term.first
    definite: bool | None = None  # "the X", "a X"; the article nearest to the technology decides
    for here in range(term.first - 1, -1, -1):
        word = clause.texts[here]
        if word in data.NOT_WANTED:
            return None
        if verb := _phrase_ending(clause, here, data.SOLUTION_VERBS):
            return here - verb.count(" ") if _is_wished(clause, term, here, verb, definite is True) else None
        if means := _means_ending(clause, here):
            first = here - means.count(" ")
            return first if definite is not True and _is_goal(clause, first) else None
        if definite is None and (word in data.DEFINITE or word in data.INDEFINITE):
            definite = word in data.DEFINITE
        elif word in data.LABELS or (word in {"is", "be"} and data.LABELS & set(clause.texts[:here])):
            return term.first
        elif word in data.NOUN_PHRASE_ENDS or (definite is None and is_people(word)):
            return None
    named = _does_the_work(clause, term) or _is_title(clause, term)
    return term.first if named and definite is not True else None


def _is_wished(clause: Clause, term: Term, last: int, verb: str, definite: bool) -> bool:
    """Whether the solution verb ending at `last` is an order or a wish, not a description or its negation."""
    texts, first = clause.texts, last - verb.count(" ")
    if _is_negated(clause, first) or (term.homograph and verb not in data.NAME_VERBS):
        return False
    third_person = any(is_people(word) and word not in {"we", "i"} for word in texts[:first])
    if definite and (verb not in data.TAKES_EXISTING or third_person):
        return False
    if verb == "like":
        return word_at(clause, first - 1).endswith(("would", "'d"))
    if verb in data.WANTING:
        return True
    before = first - 1
    while before >= 0 and texts[before] in data.ADVERBS:
        before -= 1
    if before < 0:
        return _is_order(clause, first)
    word = texts[before]
    asked = word in {"we", "i"} and word_at(clause, before - 1) in data.MODALS | {"do"}
    if asked or word in data.INTENTS or data.LABELS & set(texts[:3]):
        return True
    third_form = texts[first].endswith("s") and not verb.startswith(texts[first])
    takes_long = word == "to" and data.DURATIONS & set(texts[max(0, before - 3) : before])
    return not (third_form or takes_long or is_people(word)) and _is_goal(clause, first)


def _is_order(clause: Clause, first: int) -> bool:
    """Whether a clause that begins with this verb is an order: `use X`, `using X`, not `using X took`."""
    verb = clause.texts[first]
    if clause.goes_on or (verb.endswith(("s", "ing")) and describes(clause)):
        return False
    return clause.opener not in data.CLAUSE_OPENERS or (
        verb.endswith("ing") and clause.opener in data.BEFORE_GERUNDS
    )


def _is_goal(clause: Clause, upto: int) -> bool:
    """Whether the words before `upto` are a goal or a bare name, not a description of how things are."""
    texts = clause.texts
    if _is_negated(clause, upto):
        return False
    if data.INTENTS & set(texts[:upto]):
        return True
    if clause.opener in data.CLAUSE_OPENERS or clause.goes_on:
        return False
    if _phrase_ending(clause, 0, data.SOLUTION_VERBS) or texts[0] in data.IMPROVES:
        return True
    return not (is_about_people(clause) or describes(clause) or data.PAINS & set(texts[:upto]))


def _does_the_work(clause: Clause, term: Term) -> bool:
    """Whether the technology is the subject of what should, could or will be done."""
    after, beyond = word_at(clause, term.last + 1), word_at(clause, term.last + 2)
    works = after in data.MODALS and beyond not in {"not", "be", "never"}
    return works and not term.homograph and clause.opener not in data.CLAUSE_OPENERS


def _is_title(clause: Clause, term: Term) -> bool:
    """Whether the clause begins a sentence and is nothing but a noun phrase about the technology."""
    after, beyond = word_at(clause, term.last + 1), word_at(clause, term.last + 2)
    if clause.opener != "." or term.first > 3 or (term.homograph and after != "for"):
        return False
    third_form = after.endswith("s") and not after.endswith("ss") and beyond not in data.AFTER_NOUNS
    is_subject = clause.texts[term.last].endswith("s") or third_form  # "bots send …", "the bot sends …"
    if is_subject and after != "" and after not in data.STOPS:
        return False
    before = set(clause.texts[: term.first])
    tells = describes(clause) or is_about_people(clause) or clause.texts[0] in data.IMPROVES
    return not (tells or data.INTENTS & before or data.PAINS & clause.sentence)


def _phrase_ending(clause: Clause, last: int, phrases: frozenset[str]) -> str:
    """The longest of the phrases that ends at this word, its first word in base form; "" when none does."""
    for first in range(max(0, last - 3), last + 1):
        before = word_at(clause, first - 1)
        if first == last and (before in data.DEFINITE or before in data.INDEFINITE):
            continue  # a noun: "our use", "the need"
        rest = clause.texts[first + 1 : last + 1]
        for base in _bases(clause.texts[first]):
            phrase = " ".join([base, *rest])
            if phrase in phrases:
                return phrase
    return ""


def _means_ending(clause: Clause, last: int) -> str:
    """The words ending here that a means follows: `with`, `powered by`, the `to` of `migrate … to`."""
    for first in range(max(0, last - 3), last + 1):
        phrase = " ".join(clause.texts[first : last + 1])
        if phrase in data.MEANS:
            return phrase
    if clause.texts[last] not in data.TRANSFERRED_TO:
        return ""
    transferred = any(base in data.TRANSFERS for word in clause.texts[:last] for base in _bases(word))
    return clause.texts[last] if transferred else ""


def _bases(word: str) -> Iterator[str]:
    yield word
    if word.endswith("s"):
        yield word[:-1]
        yield word.removesuffix("es")
    if word.endswith("ing"):
        stem = word[:-3]
        yield stem
        yield stem + "e"
        yield stem[:-1]


def _is_negated(clause: Clause, upto: int) -> bool:
    for word in reversed(clause.texts[max(0, upto - 5) : upto]):
        if word in data.NEGATIONS or word.endswith("n't"):
            return True
        if word in {"and", "then", "&"}:
            return False
    return False
