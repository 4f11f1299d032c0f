"""How things came about: the chain behind a value, what differs between moments, the history step by step."""

from collections.abc import Callable, Container, Iterator
from typing import TYPE_CHECKING, Any

from roadlog import failures
from roadlog.domain.refusals import Malformed, unknown
from roadlog.projections.differences import (
    CALLED,
    FIELDS,
    ROADMAP_FIELDS,
    differences,
    mirrored,
    with_statuses,
)
from roadlog.projections.moment import Moment
from roadlog.reading import Reading

if TYPE_CHECKING:
    from roadlog.domain.records import Record
    from roadlog.filling import Progress
    from roadlog.projections.replay import Replay

RETITLED = ("ProblemDefined", "ProblemReframed")
"""Events that may give another title to what had one."""
ADOPTED = "WorkflowAdopted"
PART = 500
"""Records that are read at one time while the log is followed."""


def why(reading: Reading, key: str, field: str, moment: Moment) -> list[dict[str, Any]]:
    """The entries of the trail that changed a field, first to last.

    What the log said then has voided ones, too; what was true at a time does not. Of `status`, adoptions of
    another workflow are among them. Raises Unknown for an initiative that was not there, and for a field that
    no record changes.
    """
    from roadlog.projections import chain

    field = field_of(reading, key, field)
    as_of = moment.as_of if moment.as_of < moment.known_at else None
    roadmap = list(reading.history(reading.roadmap_key(), moment))
    if key == reading.roadmap_key():
        entries = chain.of_roadmap(roadmap, as_of)
    else:
        reading.state(key, moment)
        entries = chain.of_initiative(list(reading.history(key, moment)), roadmap, as_of)
    return [each for each in entries if _changes(each, field)]


def field_of(reading: Reading, key: str, field: str) -> str:
    """The field that somebody means, as `changes` names it. Raises Unknown."""
    name = field.strip().lower().replace("-", "_")
    fields = ROADMAP_FIELDS if key == reading.roadmap_key() else FIELDS
    name = CALLED.get(name, name)
    if name not in fields:
        raise unknown("field", field, fields, try_=(f"roadlog log {key}",), most=len(fields))
    return name


def _changes(entry: dict[str, Any], field: str) -> bool:
    return any(each["field"] == field for each in entry["changes"])


def difference(
    reading: Reading,
    start: Moment,
    end: Moment,
    key: str | None = None,
    *,
    progress: "Progress | None" = None,
) -> dict[str, Any]:
    """What this log said at the end and not at the start, or the other way round if the start is later.

    It reads what was recorded in between; where lines of that are not told yet, also the streams they are of;
    where the workflow became another one, also snapshots of both moments. Where one of the two is as it was,
    with all that is known now, it is what was true, by the states at both. Raises Unknown for a key that was
    not there at the later of the two.
    """
    if any(each.as_of < each.known_at for each in (start, end)):
        return {"from": start.stamp(), "to": end.stamp(), **_apart(reading, start, end, key)}
    first, last = sorted((_known(start), _known(end)), key=lambda each: each.position)
    trail = reading.trail(last, key=key, after=first.position)
    found = differences(each for each in trail.changes(progress) if key in (None, each[1]))
    if _has_other_workflow(reading, first, last):
        found = with_statuses(found, *(reading.statuses(each, key) for each in (first, last)))
    told = found if start.position <= end.position else mirrored(found)
    return {"from": start.stamp(), "to": end.stamp(), **told}


def _apart(reading: Reading, start: Moment, end: Moment, key: str | None) -> dict[str, Any]:
    """What was true at the end and not at the start, by the states at the two. Raises Unknown."""
    from roadlog.projections.apart import States, apart

    def states(moment: Moment) -> States:
        if key is None or key == reading.roadmap_key():
            return reading.states(moment)
        return reading.roadmap(moment), {key: reading.state(key, moment)}

    found = apart(states(start), states(end))
    later = max(start, end, key=lambda each: each.position)
    for each in (*found["added"], *found["removed"]):
        each["position"] = next(reading.history(each["key"], later)).position
    return {name: [each for each in some if key in (None, each["key"])] for name, some in found.items()}


def _has_other_workflow(reading: Reading, first: Moment, last: Moment) -> bool:
    """Whether statuses are judged by another workflow than when they were told, or than before."""
    adoptions = len(reading.trail(last, kind=ADOPTED, after=first.position).index)
    return adoptions > 1 or (adoptions == 1 and reading.roadmap(first).workflow is not None)


def titles(reading: Reading, moment: Moment, keys: Container[str]) -> dict[str, str]:
    """What these initiatives were called then: as today, or as before the first title that came later."""
    found = reading.titles()
    now = reading.moment()
    later: list[tuple[int, str, str | None]] = []
    for kind in RETITLED:
        trail = reading.trail(now, kind=kind, after=moment.position)
        renamed = trail.only({each.position for each in trail.index if each.stream in keys})
        for position, key, changes in renamed.changes():
            later += [(position, key, each["before"]) for each in changes if each["field"] == "title"]
    found |= {key: before for _, key, before in sorted(later, reverse=True) if before is not None}
    return {key: title for key, title in found.items() if key in keys}


def check_order(start: Moment, end: Moment) -> None:
    """Raises Malformed where a replay would begin after its end."""
    if start.position > end.position:
        message = f"--from position {start.position} is after --to position {end.position}."
        raise Malformed("window", message)


def steps(reading: Reading, start: Moment, end: Moment, key: str | None = None) -> Iterator[dict[str, Any]]:
    """The lines of the trail from one position to another. Raises Unknown for a key not there by then."""
    for each in reading.trail(_known(end), key=key, after=start.position):
        if key in (None, each["key"]):
            yield each


def replay(reading: Reading, start: Moment, end: Moment, key: str | None = None) -> "Replay":
    """The same step by step, with the board after each. Raises Unknown for a key not there by then."""
    from roadlog.projections.replay import Replay

    if key is not None and key != reading.roadmap_key():
        reading.state(key, _known(end))
    return Replay(
        reading.records(upto=end.position),
        lambda stream, position: reading.history(stream, end._replace(position=position)),
        after=start.position,
        key=key,
    )


def follow(reading: Reading, after: int | None, pause: Callable[[], None]) -> "Iterator[Record]":
    """The records beyond a position, or beyond the head, as they land, whoever records them; without an end.

    `pause` waits a while between two looks. In between nothing is held that keeps the store from tidying up.
    Raises Damaged where the log ends before the position, which somebody saw: it grew shorter.
    """
    position = reading.head_now() if after is None else after
    reading.release()
    while True:
        head = reading.head_now()
        if head < position:
            raise failures.shorter(position, head)
        while position < head:
            part = list(reading.records(after=position, upto=min(position + PART, head)))
            for record in part:
                yield record
                position = record.position
        pause()


def _known(moment: Moment) -> Moment:
    """The moment, for asking what the log said then."""
    return moment._replace(as_of=moment.known_at)
