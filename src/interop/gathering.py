"""The first pass of an import: every line is read, checked and kept sorted before anything is decided."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine, Claim, Format, Line, Truncated
from roadlog.interop.sorting import Sorter

SHOWN = 20
"""Bad lines named in a refusal; `--skip-bad` lists them all."""


class Activity(Struct, kw_only=True):
    """An activity: when and where it appears first, how many lines it has, and who did it (0: unnamed)."""

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
    names: dict[str, int] = {}
    actors: dict[str | None, int] = {None: 0}
    activities: list[Activity] = []
    aside = _Aside(skip_bad=skip_bad)
    local = False
    for line in aside.lines(claims):
        case = cases.setdefault(line.case, len(cases))
        if case == len(titles):
            titles.append(line.title or line.case)
        number = names.setdefault(line.activity, len(names))
        actor = actors.setdefault(line.actor, len(actors))
        first = (line.at, sorter.count)
        if number == len(activities):
            activities.append(Activity(first=first, lines=0, doers={}))
        elif first < activities[number].first:
            activities[number].first = first
        activity = activities[number]
        activity.lines += 1
        local = local or line.local
        activity.doers[actor] = None
        sorter.add(case, line.at, line.file, line.number, number, actor)
    if aside.bad and not skip_bad:
        raise aside.refused(form, len(cases) if form.keyed else sorter.count)
    return Gathered(
        form=form,
        sorter=sorter,
        cases=tuple(cases),
        titles=tuple(titles),
        activities=dict(zip(names, activities, strict=True)),
        actors=tuple(actors),
        skipped=tuple(aside.bad),
        truncated=tuple(aside.truncated),
        local=local,
    )


class _Aside:
    """Lets lines pass, and keeps what else the files claim."""

    def __init__(self, *, skip_bad: bool) -> None:
        self._all = skip_bad
        self._count = 0
        self.bad: list[BadLine] = []
        self.truncated: list[Truncated] = []

    def lines(self, claims: Iterable[Claim]) -> Iterator[Line]:
        for claim in claims:
            match claim:
                case Line():
                    yield claim
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
