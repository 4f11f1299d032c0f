"""What can be searched: what people wrote in a record, each text in the field where a reader knows it."""

from collections.abc import Iterator, Mapping
from typing import Any

REASON = "reason"
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "ProblemDefined": (("title", "title"), ("problem", "problem"), ("approach", "approach")),
    "ProblemReframed": (("title", "title"), ("problem", "problem"), ("approach", "approach")),
    "InitiativeAdopted": (("title", "title"),),
    "PurposeClassified": tuple((name, "classification") for name in ("purpose", "affected", "basis")),
    "StakeholderConsulted": (("said", "heard"),),
    "MilestoneReturned": (("learned", "visits"), ("change", "visits")),
    "WorkBlocked": (("by", "spans"),),
    "StakeholderApproved": (("statement", "approvals"), ("conditions", "approvals")),
    "RiskLogged": (("description", "risks"),),
    "RiskMitigated": (("treatment", "risks"),),
    "FallbackDefined": (("description", "fallback"), ("trigger", "fallback")),
    "NoticeDefined": (("text", "notice"),),
    "MonitorDefined": (("signal", "monitor"),),
    "EdgeCaseLogged": (("description", "edge_cases"),),
    "IncidentOpened": (("description", "incidents"),),
    "ExperimentStarted": (("hypothesis", "experiments"),),
    "ExperimentConcluded": (("summary", "experiments"),),
    "EvidenceAttached": (("title", "evidence"),),
    "NoteAdded": (("text", "notes"),),
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
        if isinstance(text, list):  # conditions
            yield from ((place, "; ".join(each["text"] for each in text)),) if text else ()
        elif isinstance(text, str):
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
