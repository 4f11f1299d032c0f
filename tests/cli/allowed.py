"""What commands may import, by what they are there for. Whoever adds a module here adds its time to them.

`OURS` are modules of roadlog, without its name before them; `OTHERS` are packages, of the standard library or
not, beyond what click, sqlite3 and orjson bring along.
"""

STARTING = """
    cli cli.errors cli.frame cli.main cli.program cli.story cli.terminal
    domain domain.refusals
"""
ASKING = """
    cli.arguments cli.asking cli.output cli.questions cli.times
    domain.moments
    event_store event_store.errors event_store.reading event_store.records event_store.sqlite
    projections projections.cache projections.moment
    reading store upkeep
"""
FOLDING = """
    domain.criteria domain.events domain.evolve domain.folds domain.folds.approvals domain.folds.evidence
    domain.folds.experiments domain.folds.in_time domain.folds.milestones domain.folds.numbers
    domain.folds.problem domain.folds.risks domain.folds.safeguards
    domain.initiative domain.names domain.order domain.records domain.roadmap domain.subject domain.votes
    domain.wording domain.workflow domain.workflow_file
"""
JUDGING = """
    domain.gate domain.requirements
    projections.board projections.folding projections.gates projections.intervals projections.plain
    projections.sentences projections.standing projections.trail projections.visits
"""
OWING = "projections.duties projections.owed projections.steps"
RECORDING = """
    application attempt
    cli.arguments cli.asking cli.corrections cli.output cli.recorded cli.times cli.writing
    domain.commands domain.decisions domain.decisions.arguments domain.decisions.authority
    domain.decisions.evidence domain.decisions.in_time domain.decisions.reasons domain.decisions.reliance
    domain.decisions.voids domain.gate domain.limits domain.moments domain.requirements domain.situation
    event_store event_store.appending event_store.codec event_store.errors event_store.log event_store.mapper
    event_store.merkle event_store.reading event_store.recorder event_store.records event_store.sealing
    event_store.sqlite
    projections projections.duties projections.gates projections.owed projections.sentences
    projections.standing projections.steps
    store
"""
HELP = "bz2 fnmatch locale lzma shutil textwrap zlib"
PATHS = "fnmatch glob grp ipaddress locale math ntpath pathlib pwd urllib"
"""What pathlib brings along; which of it differs from one Python to the next."""
TYPES = "decimal hashlib msgspec numbers textwrap typing_extensions"
LIBRARY = "bisect eventsourcing getpass heapq queue random termios"

OURS = {
    "help": STARTING,
    "board": STARTING + ASKING,
    "log": STARTING + ASKING,
    "gate": STARTING + ASKING + FOLDING + JUDGING,
    "show": STARTING + ASKING + FOLDING + JUDGING + "projections.page",
    "next": STARTING + ASKING + FOLDING + JUDGING + OWING,
    "note": STARTING + FOLDING + RECORDING,
}
OTHERS = {
    "help": HELP,
    "board": PATHS,
    "log": PATHS,
    "gate": f"{PATHS} {TYPES}",
    "show": f"{PATHS} {TYPES}",
    "next": f"{PATHS} {TYPES} shlex",
    "note": f"{PATHS} {TYPES} {LIBRARY}",
}
