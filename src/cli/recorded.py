"""What a write says: each record with position and leaf, the gate of a dry run, and the next thing owed."""

from collections.abc import Iterable, Iterator
from typing import Any

from roadlog.application import Done
from roadlog.cli.output import print_json, say, with_asides
from roadlog.cli.program import program
from roadlog.recorded import as_json, consenting, gates, owed_next, waiting_for_consent, warnings

ALREADY = "Already so; nothing was recorded."
SHORT = 8
"""Digits of a leaf hash that people are shown."""


def tell(done: Done, *, said: Iterable[str] = (), **further: Any) -> None:
    """Prints what was recorded; `said` are further lines for people, `further` further keys for JSON."""
    run = program()
    for warning in warnings(done):
        run.warn(warning)
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
