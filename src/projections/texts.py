"""What can be searched: what people wrote in a record, each text in the field where a reader knows it."""

from collections.abc import Iterator, Mapping
from typing import Any

REASON = "reason"
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "ProblemDefined": (("title", "title"), ("problem", "problem")),
    "ProblemReframed": (("title", "title"), ("problem", "problem")),
    "InitiativeAdopted": (("title", "title"),),
    "NoteAdded": (("text", "notes"),),
    "RiskLogged": (("description", "risks"),),
    "RiskMitigated": (("treatment", "risks"),),
    "EdgeCaseLogged": (("description", "edge_cases"),),
}
"""By event type: where its texts stand in it, and the key of `show` under which they are read. A reason may
stand beside any event."""
VOID = "RecordVoided"
ROOM = 8
"""Numbers that each record has for its texts: the reason's is the first, then as `TEXTS` has them."""


def texts_of(kind: str, body: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The texts of a stored body by their places in the record. Raises LookupError, TypeError."""
    data = body["data"]
    places = (body["reason"], *(data[name] for name, _ in TEXTS.get(kind, ())))
    for place, text in enumerate(places):
        if isinstance(text, str):
            yield place, text
        elif text is not None:
            raise TypeError(f"{type(text).__name__} where a text is due")


def voided_by(kind: str, body: Mapping[str, Any]) -> int | None:
    """The position that a record voids, None of every other. Raises LookupError, TypeError."""
    return int(body["data"]["position"]) if kind == VOID else None


def field_of(kind: str, place: int) -> str:
    """What the text at a place is: a key of `show`, or `reason`."""
    return TEXTS[kind][place - 1][1] if place else REASON


def number_of(position: int, place: int) -> int:
    """The number of a text among all of a log."""
    return position * ROOM + place


def placed(number: int) -> tuple[int, int]:
    """The position and the place in it of the text of that number."""
    return divmod(number, ROOM)
