"""Verification: the verdict of `roadlog verify` on the log as it is stored, when somebody asks for it."""

from typing import Any

from roadlog.told.verdict import told
from roadlog.verification.verdict import verify
from roadlog.web.asked import Asked
from roadlog.web.blocks import parts
from roadlog.web.guard import RUN

NAME = "verification"


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
        "intact": answer["exit"] in (0, 1),
        "parts": parts(told(answer)),
    }
