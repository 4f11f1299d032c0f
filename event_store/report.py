"""What verifying a log says: the verdict, what was checked, every problem with its place, and the limits."""

from typing import Literal

from msgspec import Struct

Verdict = Literal[
    "intact-anchored",
    "intact-unanchored",
    "altered",
    "missing",
    "truncated",
    "reordered",
    "inserted",
    "replaced",
    "rolled-back",
    "split-view",
    "torn",
    "forged-approval",
    "rule-broken",
    "unreadable",
    "could-not-run",
]

_WEIGHT: tuple[Verdict, ...] = (
    "could-not-run",
    "replaced",
    "split-view",
    "rolled-back",
    "inserted",
    "missing",
    "reordered",
    "truncated",
    "altered",
    "torn",
    "forged-approval",
    "rule-broken",
    "unreadable",
)
"""Of several problems the one that explains the others comes first: a row put in alters what follows it."""

MAX_PROBLEMS = 100
"""Problems listed; what is beyond is counted."""

NOT_PROVED = (
    "that what the records say is true, and that everything that happened was recorded",
    "the digests of commands, and commands that recorded nothing: the tree does not cover them",
)


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is not as it should be; `position` is where the log first differs because of it."""

    verdict: Verdict
    position: int | None = None
    stream: str | None = None
    version: int | None = None
    expected: str | None = None
    found: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """Records read, leaves recomputed, tree nodes and commands compared, bodies decoded."""

    records: int = 0
    leaves: int = 0
    nodes: int = 0
    commands: int = 0
    bodies: int = 0


class Report(Struct, frozen=True, kw_only=True):
    """The answer. `size` and `root` (hex) are those of the stored bytes as they are, tampered with or not."""

    verdict: Verdict
    size: int
    root: str
    checked: Checked
    problems: list[Problem]
    not_proved: list[str]


def report(*, size: int, root: str, checked: Checked, problems: list[Problem], decoded: bool) -> Report:
    """Put the findings together; without problems the log is intact, and not anchored by anything."""
    verdict: Verdict = "intact-unanchored"
    if problems:
        verdict = min((problem.verdict for problem in problems), key=_WEIGHT.index)
    not_proved = list(NOT_PROVED)
    if not decoded:
        not_proved.append("that the stored bytes can be read as events: no decoder was given")
    if len(problems) > MAX_PROBLEMS:
        not_proved.append(f"{len(problems) - MAX_PROBLEMS} further problems are not listed")
    return Report(
        verdict=verdict,
        size=size,
        root=root,
        checked=checked,
        problems=problems[:MAX_PROBLEMS],
        not_proved=not_proved,
    )
