"""What happened to the records that do not fit: altered, moved, taken out or put in."""

from collections.abc import Iterator

from msgspec import Struct

from roadlog.event_store.reading import Reading
from roadlog.event_store.records import NO_LEAF
from roadlog.event_store.report import Problem, Verdict
from roadlog.event_store.sealing import leaf

NEARBY = 16
"""How far from its place a moved record is looked for, besides the places of the other suspects."""


class Suspect(Struct, frozen=True, kw_only=True):
    """A record that does not follow from those before it; `payload` is the SHA-256 of its bytes (hex)."""

    position: int
    stream: str
    version: int
    type: str
    recorded_at: str
    payload: str
    leaf: str
    computed: str
    """The leaf as it follows from the bytes and the record before it in the stream."""
    backdated: bool
    """Whether it says that it was recorded before a record that stands before it."""

    def leaf_at(self, position: int, previous: str) -> str:
        """The leaf that this record would have at another position."""
        return leaf(position, self.stream, self.version, self.type, self.recorded_at, self.payload, previous)


def diagnose(reading: Reading, suspects: list[Suspect], gaps: list[range]) -> list[Problem]:
    """The problems behind the suspects and the positions that are not there, in the order of positions."""
    problems: list[Problem] = []
    moved: list[tuple[Suspect, int]] = []
    orphans: list[Suspect] = []
    whole: list[Suspect] = []
    computed = {(suspect.stream, suspect.version): suspect.computed for suspect in suspects}
    for suspect in suspects:
        before = _leaves_before(reading, suspect, computed)
        if not before:
            orphans.append(suspect)
        elif any(suspect.leaf_at(suspect.position, previous) == suspect.leaf for previous in before):
            whole.append(suspect)
        elif (origin := _origin(suspect, before, suspects, gaps)) is not None:
            moved.append((suspect, origin))
        else:
            problems.append(_problem("altered", suspect, suspect.leaf, suspect.computed))
    problems += _shifted(moved, orphans, problems)
    problems += _gone(gaps, orphans, moved)
    for suspect in whole:
        if suspect.backdated:
            problems.append(_problem("inserted", suspect, "a later time than before it", suspect.recorded_at))
        elif not problems:
            problems.append(_problem("reordered", suspect, "the versions of a stream in order", None))
    return sorted(problems, key=lambda problem: problem.position or 0)


def _leaves_before(reading: Reading, suspect: Suspect, computed: dict[tuple[str, int], str]) -> list[str]:
    """What this record may be chained to: the leaf stored with the one before it, or that one's true leaf."""
    if suspect.version == 1:
        return [NO_LEAF]
    before = next(reading.stream(suspect.stream, after_version=suspect.version - 2), None)
    if before is None or before.version != suspect.version - 1:
        return []
    return [before.leaf, computed.get((before.stream, before.version), before.leaf)]


def _origin(suspect: Suspect, before: list[str], suspects: list[Suspect], gaps: list[range]) -> int | None:
    """The position that this record's leaf was made for, when that can be found."""
    near = (suspect.position + step for distance in range(1, NEARBY + 1) for step in (distance, -distance))
    vacant = (position for gap in gaps for position in gap[:NEARBY])
    for place in (*near, *vacant, *(other.position for other in suspects)):
        if any(suspect.leaf_at(place, previous) == suspect.leaf for previous in before):
            return place
    return None


def _shifted(
    moved: list[tuple[Suspect, int]], orphans: list[Suspect], problems: list[Problem]
) -> Iterator[Problem]:
    """Records that all moved by the same step make room for ones put in, or close up over ones taken out."""
    steps = {origin - suspect.position for suspect, origin in moved}
    if len(steps) != 1 or len(moved) == 1:
        for suspect, origin in moved:
            yield _problem("reordered", suspect, f"position {origin}", f"position {suspect.position}")
        return
    first, (step,) = moved[0][0], steps
    if step > 0:
        first = min(first, *orphans, key=lambda suspect: suspect.position)
        yield Problem(
            verdict="missing",
            position=first.position,
            expected=f"{step} more before {first.stream} version {first.version}",
            found="the records after them renumbered",
        )
        return
    for position in range(first.position + step, first.position):
        problems[:] = [problem for problem in problems if problem.position != position]
        yield Problem(
            verdict="inserted", position=position, expected="no record here", found="a record put in"
        )


def _gone(gaps: list[range], orphans: list[Suspect], moved: list[tuple[Suspect, int]]) -> Iterator[Problem]:
    """Positions without a record, and records whose predecessor in the stream is nowhere."""
    single = len(gaps) == 1 and len(gaps[0]) == 1 and len(orphans) == 1
    places = {suspect.position for suspect, _ in moved}
    origins = {origin for _, origin in moved}
    for gap in filter(None, gaps):
        if gap.stop in places or (len(gap) <= len(origins) and origins.issuperset(gap)):
            continue  # a record that moved left this place, or jumped over it
        last = f" to {gap[-1]}" if len(gap) > 1 else ""
        yield Problem(
            verdict="missing",
            position=gap[0],
            stream=orphans[0].stream if single else None,
            version=orphans[0].version - 1 if single else None,
            expected=f"a record at {gap[0]}{last}",
            found=None,
        )
    if gaps or moved:
        return
    for orphan in orphans:  # as many records as positions: so it, or the one before it, calls itself another
        yield _problem("altered", orphan, f"version {orphan.version - 1} of the stream before it", None)


def _problem(verdict: Verdict, suspect: Suspect, expected: str, found: str | None) -> Problem:
    return Problem(
        verdict=verdict,
        position=suspect.position,
        stream=suspect.stream,
        version=suspect.version,
        expected=expected,
        found=found,
    )
