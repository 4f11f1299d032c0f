"""The audit of a log: every stream is read once, one after the other, then each control judged."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from roadlog.controls import mapping
from roadlog.domain.moments import MICROSECOND, rfc3339
from roadlog.domain.refusals import Malformed, unknown
from roadlog.projections.audit.judgement import accounts, frameworks_of, summary
from roadlog.projections.audit.story import Entries, Ground, Story
from roadlog.projections.moment import Moment
from roadlog.reading import Reading

if TYPE_CHECKING:
    from roadlog.filling import Progress

PROCESS = (
    "It is evidence of a process: what was decided, by whom and on what. It cannot show that what was "
    "recorded is true, nor that all was recorded."
)
RUNTIME = (
    "roadlog does not make the runtime logs of Articles 12 and 19 of the EU AI Act: what the system itself "
    "did is logged elsewhere."
)
MAPPING = (
    "Which records show a control is our mapping, and no legal advice. Whether what a framework asks for is "
    "met, those say who answer for it."
)
IS_NOT = (PROCESS, RUNTIME, MAPPING)
"""What an audit is not, said with each."""


def audit(
    reading: Reading,
    moment: Moment,
    *,
    key: str | None = None,
    ids: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    progress: "Progress | None" = None,
) -> dict[str, Any]:
    """How each control stands over `[start, end)`, for one initiative or for all and the roadmap itself.

    `progress` is told how many records are read. Raises Unknown for a key or a control that is not there,
    Malformed for a period that ends before it begins, or begins after the moment.
    """
    chosen = _chosen(ids)
    at = _until(moment, start, end)
    if key is not None:
        reading.state(key, moment._replace(as_of=at))
    ground = Ground(list(reading.history(reading.roadmap_key(), moment)), at, mapping.limits())
    own = Story(reading.roadmap_key(), ground)
    for record in ground.records:
        own.enter(record)
    controls = accounts(chosen, start, own)
    entries = Entries() if key else Entries(own)
    for story in _stories(reading, moment, ground, key, progress):
        entries.add(story)
        for each in controls:
            each.take(story, ground.workflow)
    of_all = entries.found(start, ground.limits["bulk-entry"])
    for each in controls:
        each.together([(None, of_all), *([] if key else [(own.key, own.found)])])
    answers = [each.answer() for each in controls]
    return {
        "roadmap": reading.roadmap_key(),
        "key": key,
        **moment.stamp(),
        "head": moment.head,
        "from": rfc3339(start) if start else None,
        "to": rfc3339(end) if end else None,
        "summary": summary(answers),
        "frameworks": frameworks_of(chosen),
        "controls": answers,
        "is_not": list(IS_NOT),
    }


def _chosen(ids: Sequence[str]) -> mapping.Chosen:
    try:
        return mapping.chosen(ids)
    except LookupError as error:
        known = tuple(control.id for _, control in mapping.chosen())
        names = (*known, *mapping.FILES)
        raise unknown("control", str(error.args[0]), names, try_=("roadlog audit",)) from error


def _until(moment: Moment, start: datetime | None, end: datetime | None) -> datetime:
    """The last moment of the period: nothing later is looked at."""
    if start and end and end <= start:
        raise Malformed("window", f"--to {rfc3339(end)} is not after --from {rfc3339(start)}.")
    if start and start > moment.as_of:
        raise Malformed(
            "window", f"--from {rfc3339(start)} is after {rfc3339(moment.as_of)}: nothing is there."
        )
    return min(moment.as_of, end - MICROSECOND) if end else moment.as_of


def _stories(
    reading: Reading, moment: Moment, ground: Ground, key: str | None, progress: "Progress | None"
) -> Iterator[Story]:
    """Each initiative that was there by the end of the period, read whole and let go again."""
    done = len(ground.records)
    streams = [(key, [*reading.history(key, moment)])] if key else reading.streams(moment)
    for stream, records in streams:
        if stream == reading.roadmap_key():
            continue
        story = Story(stream, ground).read(records)
        if story.state.exists:
            yield story
        done += len(records)
        if progress:
            progress(done, moment.position)
