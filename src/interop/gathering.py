"""The first pass of an import: every line is read, checked and kept sorted before anything is decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine, Claim, Format, Line, Truncated
from roadlog.interop.sorting import Sorter

SHOWN = 20
"""Bad lines named in a refusal; `--skip-bad` lists them all."""


class Activity(Struct, kw_only=True):
    """An activity: when and where it appears first, how many lines it has, and who did it (0: unnamed).

    Like cases and actors, it has the number of its first place in the files.
    """

    number: int
    first: tuple[datetime, int]
    lines: int
    doers: dict[int, None]


class Gathered(Struct, frozen=True, kw_only=True):
    """What the files hold: the sorted lines, and the names that numbers stand for there."""

    form: Format
    sorter: Sorter
    cases: tuple[str, ...]
    titles: tuple[str, ...]
    """What each case is called; its name, where the file says no more."""
    activities: dict[str, Activity]
    actors: tuple[str | None, ...]
    """By number; number 0 is nobody named."""
    systems: frozenset[str]
    """The actors that are programs."""
    skipped: tuple[BadLine, ...]
    truncated: tuple[Truncated, ...]
    local: bool
    """Whether some times had no offset."""

    def by_appearance(self) -> list[str]:
        """The activities by the time at which each appears first, those of one instant in file order."""
        return sorted(self.activities, key=lambda name: self.activities[name].first)

    def earliest(self) -> datetime:
        """The time of the first event. Raises ValueError where there is none."""
        return min(each.first for each in self.activities.values())[0]

    def doers(self, activities: Iterable[str]) -> list[str]:
        """Who did any of these, in the order in which the files name them first."""
        numbers = sorted({number for name in activities for number in self.activities[name].doers})
        return [name for number in numbers if (name := self.actors[number])]


def gather(claims: Iterable[Claim], sorter: Sorter, form: Format, *, skip_bad: bool) -> Gathered:
    """All lines of the files. Raises Malformed where some are bad and they are not to be skipped."""
    cases: dict[str, int] = {}
    titles: list[str] = []
    activities: dict[str, Activity] = {}
    actors: dict[str | None, int] = {None: 0}
    aside = _Aside(skip_bad=skip_bad)
    systems: set[str] = set()
    local = False
    for claim in claims:
        if not isinstance(claim, Line):
            aside.put(claim)
            continue
        case = cases.setdefault(claim.case, len(cases))
        if case == len(titles):
            titles.append(claim.title or claim.case)
        actor = actors.setdefault(claim.actor, len(actors))
        activity = activities.get(claim.activity)
        if activity is None:
            first = (claim.at, sorter.count)
            activity = Activity(number=len(activities), first=first, lines=0, doers={})
            activities[claim.activity] = activity
        elif claim.at < activity.first[0]:
            activity.first = (claim.at, sorter.count)
        activity.lines += 1
        activity.doers[actor] = None
        if claim.by_system and claim.actor:
            systems.add(claim.actor)
        local = local or claim.local
        sorter.add(case, claim.at, claim.file, claim.number, activity.number, actor)
    if aside.bad and not skip_bad:
        raise aside.refused(form, len(cases) if form.keyed else sorter.count)
    return Gathered(
        form=form,
        sorter=sorter,
        cases=tuple(cases),
        titles=tuple(titles),
        activities=activities,
        actors=tuple(actors),
        systems=frozenset(systems),
        skipped=tuple(aside.bad),
        truncated=tuple(aside.truncated),
        local=local,
    )


class _Aside:
    """Keeps what the files claim besides lines."""

    def __init__(self, *, skip_bad: bool) -> None:
        self._all = skip_bad
        self._count = 0
        self.bad: list[BadLine] = []
        self.truncated: list[Truncated] = []

    def put(self, claim: BadLine | Truncated) -> None:
        match claim:
            case BadLine():
                self._count += 1
                if self._all or self._count <= SHOWN:
                    self.bad.append(claim)
            case Truncated():
                self.truncated.append(claim)
            case _:
                assert_never(claim)

    def refused(self, form: Format, good: int) -> Malformed:
        more = f" (the first {SHOWN} are named)" if self._count > SHOWN else ""
        return Malformed(
            "import",
            f"{self._count:,} of {self._count + good:,} {form.unit}s cannot be read{more}; nothing was "
            "imported. Correct them and import again, or let --skip-bad leave them out and list them.",
            missing=tuple(map(str, self.bad)),
        )
