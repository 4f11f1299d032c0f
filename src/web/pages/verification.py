"""Verification: the verdict of `roadlog verify` on the log as it is stored, when somebody asks for it."""

from datetime import datetime
from typing import Any, NamedTuple

from roadlog.told.verdict import meaning, told
from roadlog.verification.verdict import verify
from roadlog.web.asked import Asked
from roadlog.web.blocks import parts
from roadlog.web.guard import RUN

NAME = "verification"


class Broken(NamedTuple):
    """A verdict that the log does not hold, in a word and in a sentence, and when it was made."""

    verdict: str
    meaning: str
    at: datetime


def broken(asked: Asked) -> Broken | None:
    """The last verdict where it was such a one, for every page: None where the log held, or nobody asked."""
    found = asked.long.get(NAME)
    if found is None or _is_intact(found.answer[0]):
        return None
    answer, _ = found.answer
    return Broken(answer["verdict"], meaning(answer), found.at)


def verification(asked: Asked) -> dict[str, Any]:
    """The last verdict, made now where the address says so. Raises StoreFailure where none can be."""
    long = asked.long
    head = asked.reading.head_now()
    found = long.get(NAME)
    if RUN in asked.query:
        found = long.made(NAME, asked.now, lambda: (verify(long.folder, now=asked.now), head), anew=True)
    shared = {"roadmap": asked.roadmap, "head": head, "run": asked.same(**{RUN: 1})}
    if found is None:
        return {**shared, "answer": None}
    answer, position = found.answer
    return {
        **shared,
        "answer": answer,
        "at": found.at,
        "position": position,
        "intact": _is_intact(answer),
        "parts": parts(told(answer)),
    }


def _is_intact(answer: dict[str, Any]) -> bool:
    return answer["exit"] in (0, 1)
