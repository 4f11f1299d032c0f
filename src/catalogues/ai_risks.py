"""The AI risk catalogue: known risks of AI features to pick from, found by their text, id or category.

The data is the IBM AI Risk Atlas (SOURCE.ai_risks.md); the category is roadlog's own. Importing this module
reads nothing: the file is read when it is first asked for.
"""

from functools import cache
from typing import Literal

from msgspec import Struct

Category = Literal[
    "hallucination",
    "bias",
    "privacy",
    "security",
    "misuse",
    "transparency",
    "intellectual-property",
    "legal",
    "societal",
    "performance",
    "data",
    "governance",
    "other",
]


class Incident(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It has happened: a published report of the risk come true.

    title: what happened, in a few words
    source: who reported it and when, as the source says it, several joined by `; `
    links: where to read it
    """

    title: str
    source: str
    links: tuple[str, ...]


class RiskEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One risk of the catalogue.

    id: short and stable, for example output-bias; records keep it
    name: as people say it
    group: where the source files it, for example Fairness
    category: what roadlog's gates call it, for example bias
    phase: where in an AI system it arises: training-data, inference, output, non-technical or agentic
    tags: how new it is, for example specific to generative AI
    description: what may go wrong
    concern: why it matters
    url: the source's page about it
    incidents: reports of it come true
    """

    id: str
    name: str
    group: str
    category: Category
    phase: str
    tags: tuple[str, ...]
    description: str
    concern: str
    url: str
    incidents: tuple[Incident, ...]


def entries() -> tuple[RiskEntry, ...]:
    """Every risk, ordered by id."""
    return tuple(_by_id().values())


def get(id: str) -> RiskEntry:
    """The risk of this id. Raises KeyError where there is none; `nearest` says which may have been meant."""
    return _by_id()[id]


def nearest(id: str) -> tuple[str, ...]:
    """Up to three ids that look like this one, the likeliest first; empty where none does."""
    from difflib import get_close_matches

    wanted = id.strip().lower().replace("_", "-").replace(" ", "-")
    parts = [known for known in _by_id() if wanted and wanted in known]
    alike = get_close_matches(wanted, _by_id(), n=3, cutoff=0.6)
    return tuple(dict.fromkeys([*alike, *parts]))[:3]


def find(text: str) -> tuple[RiskEntry, ...]:
    """The risks in which every word of the text begins some word, the best match first.

    The whole id comes before all; then a word counts most in the id, then in the name, in category or group,
    in the description; of equal matches the shorter id comes first. An empty text finds every risk.
    """
    words = _words(text)
    ranked = ((_rank(entry, words), entry) for entry in entries())
    found = [(rank, entry) for rank, entry in ranked if rank is not None]
    return tuple(
        entry for _, entry in sorted(found, key=lambda one: (one[0], len(_words(one[1].id)), one[1].id))
    )


def _rank(entry: RiskEntry, words: list[str]) -> int | None:
    """How far from the best match: 0 is the whole id, else a sum over the words; None if one is missing."""
    if words == _words(entry.id):
        return 0
    fields = (entry.id, entry.name, f"{entry.category} {entry.group}", entry.description)
    where = [_words(field) for field in fields]
    total = 1
    for word in words:
        place = next((at for at, known in enumerate(where) if any(k.startswith(word) for k in known)), None)
        if place is None:
            return None
        total += place
    return total


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


@cache
def _by_id() -> dict[str, RiskEntry]:
    from pathlib import Path  # importlib.resources takes 13 ms to import

    from msgspec.json import decode

    text = Path(__file__).with_name("ai_risks.json").read_bytes()
    return {entry.id: entry for entry in decode(text, type=tuple[RiskEntry, ...])}
