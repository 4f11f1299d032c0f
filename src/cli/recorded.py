"""What a write says: each record with position and leaf, the gate of a dry run, and the next thing owed."""

from collections.abc import Iterable, Iterator
from typing import Any

from roadlog.application import Done
from roadlog.cli.output import print_json, say, with_asides
from roadlog.cli.program import program
from roadlog.domain.events import ConsentRequested
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState

ALREADY = "Already so; nothing was recorded."
SHORT = 8
"""Digits of a leaf hash that people are shown."""


def tell(done: Done, *, said: Iterable[str] = (), **further: Any) -> None:
    """Prints what was recorded; `said` are further lines for people, `further` further keys for JSON."""
    run = program()
    if run.json:
        print_json(with_asides({**as_json(done), **further}, run))
        return
    for line in (*_lines(done), *said):
        say(line)
    if done.dry_run:
        for line in _gate_lines(done):
            say(line)
    for line in _next_lines(done):
        say(line)


def as_json(done: Done) -> dict[str, Any]:
    """The answer of a write (cli.md): records, whether it was a dry run, and what is owed next."""
    from roadlog.projections.records import record_json

    keys = touched(done) or tuple(done.initiatives)
    answer: dict[str, Any] = {
        "initiative": keys[0] if len(keys) == 1 else None,
        "records": [record_json(each) for each in done.records],
        "dry_run": done.dry_run,
        "next": owed_next(done),
    }
    if done.replayed:
        answer["replayed"] = True
    if done.dry_run:
        answer["gates"] = gates(done)
    waiting = waiting_for_consent(done)
    if waiting:
        answer["consent"] = [
            {"position": each.position, "may": list(consenting(done.roadmap, each))} for each in waiting
        ]
    return answer


def touched(done: Done) -> tuple[str, ...]:
    """The initiatives that got records, in order."""
    streams = dict.fromkeys(each.stream for each in done.records)
    return tuple(each for each in streams if each in done.initiatives and each != done.roadmap.key)


def owed_next(done: Done) -> list[dict[str, Any]]:
    """What is owed on the initiatives that got records, by whomever: the next step first."""
    keys = touched(done)
    if not keys:
        return []
    from roadlog.projections.owed import next_for

    return [each for key in keys for each in next_for(done.initiatives[key], done.roadmap, done.now)]


def gates(done: Done) -> list[dict[str, Any]]:
    """The gate of each initiative that a dry run would change, as it would stand then."""
    from roadlog.projections.gates import gate_answer

    keys = touched(done) or tuple(each for each, state in done.initiatives.items() if state.exists)
    return [gate_answer(done.initiatives[key], done.roadmap, done.now) for key in keys]


def waiting_for_consent(done: Done) -> tuple[Record, ...]:
    """The records that only ask for a second person's yes."""
    return tuple(each for each in done.records if isinstance(each.event, ConsentRequested))


def consenting(roadmap: RoadmapState, request: Record) -> tuple[str, ...]:
    """Who may say yes: every other person who is present."""
    return tuple(each.handle for each in roadmap.humans() if not roadmap.same(each.handle, request.actor.id))


def _lines(done: Done) -> Iterator[str]:
    from roadlog.projections.sentences import sentence

    if not done.records:
        yield ALREADY
    elif done.dry_run:
        yield "Dry run: this would be recorded, and nothing was."
    elif done.replayed:
        yield "Recorded before under this command id; nothing was added."
    for each in done.records:
        leaf = each.leaf[:SHORT] or "-" * SHORT
        yield f"#{each.position}  {leaf}  {each.stream}  {each.actor.id} {sentence(each.event)}"
    for each in waiting_for_consent(done):
        able = consenting(done.roadmap, each)
        yield f"It takes effect when another person consents: {', '.join(able) or 'nobody else is here'}."
        if able and not done.dry_run:
            yield f"      roadlog consent {each.position} --as {able[0]}"


def _gate_lines(done: Done) -> Iterator[str]:
    for gate in gates(done):
        here, lines = gate["milestone"] or "the backlog", gate["requirements"]
        met = sum(1 for each in lines if each["met"])
        state = "nothing follows" if gate["next"] is None else "open" if gate["open"] else "closed"
        yield f"Gate of {here}, {gate['key']}: {state}, {met} of {len(lines)} met."
        for each in lines:
            yield f"  {'✓' if each['met'] else '✗'} {each['text']}"


def _next_lines(done: Done) -> Iterator[str]:
    """The oldest thing owed and the command for it; nothing after a dry run, which changed nothing."""
    owed = [] if done.dry_run else owed_next(done)
    if owed:
        by = owed[0]["by"]
        whose = "" if program().handle() in by or not by else f" ({', '.join(by)})"
        yield f"Next{whose}: {owed[0]['what']}"
        if owed[0]["try"]:
            yield f"      {owed[0]['try']}"
