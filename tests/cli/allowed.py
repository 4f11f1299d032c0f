"""What commands may import, by what they are there for. Whoever adds a module here adds its time to them.

`OURS` are modules of roadlog, without its name before them; `OTHERS` are packages, of the standard library or
not, beyond what click, sqlite3 and orjson bring along.
"""

STARTING = """
    cli cli.errors cli.frame cli.main cli.program cli.story cli.terminal
    domain domain.refusals
    visible
"""
ASKING = """
    cli.arguments cli.asking cli.charts cli.output cli.questions cli.times
    domain.keys domain.moments
    event_store event_store.errors event_store.reading event_store.records event_store.sealing
    event_store.sqlite event_store.vouching
    failures machine
    projections projections.answers projections.cache projections.database projections.kept_snapshots
    projections.kept_trail projections.moment
    reading rows store upkeep
"""
FOLDING = """
    domain.criteria domain.events domain.evolve domain.folds domain.folds.approvals domain.folds.evidence
    domain.folds.experiments domain.folds.in_time domain.folds.keys domain.folds.late domain.folds.milestones
    domain.folds.numbers domain.folds.problem domain.folds.risks domain.folds.safeguards
    domain.initiative domain.log_keys domain.names domain.order domain.records domain.roadmap
    domain.subject domain.votes
    domain.wording domain.workflow domain.workflow_file
"""
SEARCHING = """
    cli.progress cli.search
    indexing projections.search projections.texts searching
"""
RECORDING = """
    application attempt checkpoints
    cli.arguments cli.asking cli.corrections cli.output cli.recorded cli.times cli.writing
    domain.commands domain.decisions domain.decisions.arguments domain.decisions.authority
    domain.decisions.evidence domain.decisions.in_time domain.decisions.reasons domain.decisions.reliance
    domain.decisions.voids domain.gate domain.limits domain.moments domain.requirements domain.situation
    event_store event_store.appending event_store.checkpoints event_store.codec event_store.errors
    event_store.log event_store.merkle event_store.reading event_store.records event_store.sealing
    event_store.sqlite event_store.vouching
    failures machine
    projections projections.duties projections.gates projections.owed projections.sentences
    projections.standing projections.steps
    recorded rows store streams
"""
HELP = "bz2 fnmatch gc locale lzma shutil textwrap zlib"
TYPES = "decimal hashlib msgspec numbers textwrap typing_extensions"
ACCOUNT = "getpass pwd termios"

OURS = {
    "help": STARTING,
    "board": STARTING + ASKING,
    "log": STARTING + ASKING + "trail",
    "diff": STARTING + ASKING + "cli.history cli.progress history projections.differences trail",
    "gate": STARTING + ASKING,
    "show": STARTING + ASKING,
    "next": STARTING + ASKING,
    "digest": STARTING + ASKING + "cli.digest digest domain.wording",
    "search": STARTING + ASKING + SEARCHING,
    "note": STARTING + FOLDING + RECORDING,
}
OTHERS = {
    "help": HELP,
    "board": "gc hashlib zlib",
    "log": "gc hashlib zlib",
    "diff": "gc hashlib zlib",
    "gate": "gc hashlib zlib",
    "show": "gc hashlib zlib",
    "next": "gc hashlib zlib",
    "digest": "gc hashlib shlex zlib",
    "search": "gc hashlib zlib",
    "note": f"gc {TYPES} {ACCOUNT} shlex",
}
