"""What is said of a record that breaks a rule: which, what the rules come to, and what is recorded."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from roadlog.domain.events import ConsentRequested, Event, MilestoneAdvanced, Satisfied
from roadlog.domain.gate import evaluate
from roadlog.domain.names import event_name
from roadlog.domain.records import Record
from roadlog.domain.refusals import RoadlogError
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import listed, parts_in_words

LONG = 120
"""Characters that are shown of a value."""


class Broken(Struct, frozen=True, kw_only=True):
    """A rule, by the name that its refusals have, what it comes to, and what is recorded."""

    rule: str
    expected: str
    found: str


def of_an_import(record: Record) -> Broken:
    """An import claims what a log of moves can say, and nothing else."""
    expected = "of an import: moves without gates, people and a workflow"
    return Broken(rule="import", expected=expected, found=event_name(record.type))


def of_the_envelope(record: Record, roadmap: RoadmapState) -> Broken | None:
    """Who acted, as what and under which workflow; None where all is as the roadmap has it."""
    actor, there = record.actor, roadmap.stakeholders.get(record.actor.id)
    known = (there.kind, there.roles) if there else ("human", ())
    if (actor.kind, actor.roles) != known:
        expected, found = (
            f"{actor.id} ({kind}) with {', '.join(roles) or 'no role'}"
            for kind, roles in (known, (actor.kind, actor.roles))
        )
        return Broken(rule="actor", expected=expected, found=found)
    if actor.assurance != "asserted" and getattr(record.event, "signature", None) is None:
        return Broken(rule="assurance", expected="asserted, for nothing is signed", found=actor.assurance)
    if record.body.workflow != roadmap.workflow_digest:
        expected, found = (
            f"workflow {digest[:16] if digest else 'none'}"
            for digest in (roadmap.workflow_digest, record.body.workflow)
        )
        return Broken(rule="workflow", expected=f"{expected}, which is in force", found=found)
    return None


def of_nothing_wished(record: Record) -> Broken:
    """No command that there is records this, there and then."""
    name = event_name(record.type)
    return Broken(rule="command", expected="what a command records", found=f"{name} that none records")


def of_no_decision(record: Record, error: Exception) -> Broken:
    """It rests on what cannot have come about."""
    why = f"{event_name(record.type)} on {type(error).__name__}: {error}"
    return Broken(rule="command", expected="what can be decided", found=_cut(why))


def of_a_refusal(record: Record, situation: Situation, refusal: RoadlogError) -> Broken:
    """A rule refuses what is recorded; of a gate with what it lacks, and which votes do not count."""
    lacking = refusal.missing if refusal.rule == "gate" else ()
    uncounted = _uncounted(record.event, situation)
    said = "; ".join((*lacking, *uncounted))
    expected = f"refused: {refusal.message}{f' {said}' if said else ''}"
    return Broken(rule=refusal.rule, expected=expected, found=event_name(record.type))


def of_a_difference(record: Record, situation: Situation, recorded: Events, decided: Events) -> Broken:
    """The same wish comes to something else by the rules."""
    if not recorded:
        said = listed([event_name(type(each).__name__) for each in decided])
        return Broken(rule="consent", expected=f"{said}, which was consented to", found="nothing of it")
    if [type(each) for each in recorded] != [type(each) for each in decided]:
        waits = next((each for each in decided if isinstance(each, ConsentRequested)), None)
        named = [event_name(type(each).__name__) for each in decided] or ["nothing, as it is so already"]
        why = f": {waits.why}" if waits else ""
        return Broken(
            rule="consent" if waits else "already",
            expected=f"{listed(named)}{why}",
            found=event_name(record.type),
        )
    want, have = next(both for both in zip(decided, recorded, strict=True) if both[0] != both[1])
    name = event_name(type(have).__name__)
    fields = [each for each in have.__struct_fields__ if getattr(want, each) != getattr(have, each)]
    if isinstance(want, MilestoneAdvanced) and isinstance(have, MilestoneAdvanced) and "gate" in fields:
        expected, found = _gates(want.gate, have.gate)
        uncounted = "; ".join(_uncounted(have, situation))
        return Broken(
            rule="gate", expected=f"{name}: {expected}{f' ({uncounted})' if uncounted else ''}", found=found
        )
    expected, found = (
        ", ".join(f"{field.strip('_')} {_shown(getattr(event, field))}" for field in fields)
        for event in (want, have)
    )
    return Broken(rule="record", expected=f"{name}: {expected}", found=found)


def _shown(value: object) -> str:
    return _cut(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def _gates(want: tuple[Satisfied, ...], have: tuple[Satisfied, ...]) -> tuple[str, str]:
    """The lines of the gates that differ."""
    expected, found = (
        [_line(each) for each in lines if each not in others]
        for lines, others in ((want, have), (have, want))
    )
    return listed(expected) if expected else "no more lines", listed(found) if found else "fewer lines"


def _line(line: Satisfied) -> str:
    if not line.met:
        return f"{line.requirement} not met"
    by = [str(each) for each in line.by] or ["nothing"]
    return f"{line.requirement} met by {listed(by) if line.waiver is None else f'the waiver {line.waiver}'}"


def _uncounted(event: Event, situation: Situation) -> Iterator[str]:
    """Of the records that a gate is said to be satisfied by, those that do not count, and why."""
    if not isinstance(event, MilestoneAdvanced):
        return
    for milestone in dict.fromkeys(each.milestone for each in event.gate):
        named = {position for each in event.gate if each.milestone == milestone for position in each.by}
        gate = evaluate(situation.initiative, situation.workflow, milestone, situation.at, situation.roadmap)
        for requirement in gate.requirements:
            for each in requirement.not_counted:
                if each.position in named:
                    yield f"record {each.position} does not count: {each.why}"
            for vote in requirement.stale:
                if vote.position in named:
                    parts = listed(parts_in_words(vote.fields))
                    yield f"record {vote.position} does not count: {parts} changed"
