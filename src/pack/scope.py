"""What a pack is about: which log, up to where, which initiative and which time."""

from datetime import datetime
from typing import NamedTuple

from roadlog.domain.moments import MICROSECOND, rfc3339
from roadlog.domain.records import Record
from roadlog.domain.refusals import Malformed, unknown
from roadlog.domain.roadmap import RoadmapState, fold_roadmap
from roadlog.domain.workflow import Workflow
from roadlog.projections.happened import about
from roadlog.projections.moment import Moment
from roadlog.projections.standing import workflow_of
from roadlog.reading import Reading


class Asked(NamedTuple):
    """What somebody wants a pack of; None is everything. The time is `[start, end)`, on recorded time."""

    key: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class Scope(NamedTuple):
    """The answer to it, by one log.

    after, upto: the records that the report speaks about are those behind `after`, up to `upto`
    moment: everything is told as it stood then
    roadmap: as it stood then
    records: those whose bytes are in the pack, in log order, from the first on
    """

    asked: Asked
    after: int
    upto: int
    moment: Moment
    roadmap: RoadmapState
    records: list[Record]

    @property
    def name(self) -> str:
        """The initiative's key, or the roadmap's."""
        return self.asked.key or self.roadmap.key

    @property
    def workflow(self) -> Workflow:
        """The one in force then."""
        return workflow_of(self.roadmap)

    @property
    def positions(self) -> list[int]:
        """Those of the records that the report speaks about."""
        return [each.position for each in self.records if each.position > self.after]

    def holds(self, position: int) -> bool:
        """Whether a position lies in the time that the report speaks about."""
        return self.after < position <= self.upto


def scope_of(reading: Reading, asked: Asked, size: int, now: datetime) -> Scope:
    """The scope in the log's first `size` records.

    Raises Malformed for a time that is none, or in which nothing was recorded yet; Unknown for a key that was
    not there.
    """
    if asked.key is not None and asked.key not in (keys := reading.keys()):
        raise unknown("initiative", asked.key, keys, try_=("roadlog board",))
    if asked.start and asked.end and asked.end <= asked.start:
        what = f"--to {rfc3339(asked.end)} is not after --from {rfc3339(asked.start)}."
        raise Malformed("window", what)
    after = _before(reading, asked.start, size, now, "--from") if asked.start else 0
    upto = _before(reading, asked.end, size, now, "--to") if asked.end else size
    if not upto:
        raise Malformed("window", f"Nothing was recorded yet: the log begins {reading.log_begins()}.")
    moment = reading.moment(position=upto, as_of=asked.end)
    history = list(reading.history(reading.roadmap_key(), moment))
    roadmap = fold_roadmap(history)
    return Scope(asked, after, upto, moment, roadmap, _records(reading, asked.key, moment, history, roadmap))


def _before(reading: Reading, time: datetime, size: int, now: datetime, option: str) -> int:
    """The last position recorded before a time."""
    if time > now:
        raise Malformed("future", f"{option} {rfc3339(time)} is after now ({rfc3339(now)}).")
    return min(reading.moment(known_at=time - MICROSECOND).position, size)


def _records(
    reading: Reading, key: str | None, moment: Moment, history: list[Record], roadmap: RoadmapState
) -> list[Record]:
    """All, or those of an initiative and of the roadmap, but for consents that are about another one."""
    if key is None:
        return list(reading.records(upto=moment.position))
    reading.state(key, moment)
    own = list(reading.history(key, moment))
    others = about(history, roadmap)
    shared = [each for each in history if others.get(each.position, key) in (key, roadmap.key)]
    return sorted([*own, *shared], key=lambda each: each.position)
