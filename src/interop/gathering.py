"""The first pass of an import: every line is read, checked and kept sorted before anything is decided."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine, Line
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

    sorter: Sorter
    cases: tuple[str, ...]
    activities: dict[str, Activity]
    actors: tuple[str | None, ...]
    """By number; number 0 is nobody named."""
    skipped: tuple[BadLine, ...]
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


def gather(files: Iterable[Iterable[Line | BadLine]], sorter: Sorter, *, skip_bad: bool) -> Gathered:
    """All lines of the files. Raises Malformed where some are bad and they are not to be skipped."""
    cases: dict[str, int] = {}
    names: dict[str, int] = {}
    actors: dict[str | None, int] = {None: 0}
    activities: list[Activity] = []
    bad: list[BadLine] = []
    count_bad = 0
    local = False
    for file, lines in enumerate(files):
        for line in lines:
            if isinstance(line, BadLine):
                count_bad += 1
                if skip_bad or count_bad <= SHOWN:
                    bad.append(line)
                continue
            case = cases.setdefault(line.case, len(cases))
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
            sorter.add(case, line.at, file, line.number, number, actor)
    if bad and not skip_bad:
        raise _refused(bad, count_bad, sorter.count)
    return Gathered(
        sorter=sorter,
        cases=tuple(cases),
        activities=dict(zip(names, activities, strict=True)),
        actors=tuple(actors),
        skipped=tuple(bad),
        local=local,
    )


def _refused(shown: list[BadLine], bad: int, good: int) -> Malformed:
    more = f" (the first {SHOWN} are named)" if bad > SHOWN else ""
    return Malformed(
        "import",
        f"{bad:,} of {bad + good:,} lines cannot be read{more}; nothing was imported. "
        "Correct them and import again, or let --skip-bad leave them out and list them.",
        missing=tuple(map(str, shown)),
    )
