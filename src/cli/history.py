"""How it came about: why, diff, replay and watch."""

import sys
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import NameType
from roadlog.cli.asking import reading, tell_moment
from roadlog.cli.output import print_json_line, say
from roadlog.cli.program import program
from roadlog.cli.progress import bar
from roadlog.cli.questions import STREAM, view
from roadlog.cli.terminal import is_dumb
from roadlog.cli.times import SINCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from click.shell_completion import CompletionItem

    from roadlog.domain.records import Record
    from roadlog.projections.moment import Moment
    from roadlog.projections.replay import Replay
    from roadlog.reading import Reading

Asked = dict[str, Any]
"""A moment as it was typed: what `Reading.moment` takes."""
PAUSE = 0.2
"""Seconds between two looks at the log."""
FRAME = 0.6
"""Seconds for which a step is shown."""
CLEAR = "\x1b[2J\x1b[H"
"""What empties a terminal; click's own does nothing without colour."""
EXAMPLES = "such as 2026-03-01, '3 days ago', a position such as 1240, or now"
LONGEST = 18
"""Digits of a position."""
WORDS = ("now", "today", "yesterday")
"""Moments that the shell offers: one word each, as a shell does not quote what it completes."""


class MomentType(click.ParamType[Asked]):
    """What this log said then: a time, a position, or now."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Asked:
        if isinstance(value, dict):
            return value
        text = str(value).strip()
        if text.lower() == "now":
            return {}
        digits = text.removeprefix("#")
        if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST:
            return {"position": int(digits)}
        try:
            return {"known_at": SINCE.convert(text, param, ctx)}
        except click.BadParameter:
            after = f" A key comes after both moments: roadlog diff FROM now {text}." if "-" in text else ""
            self.fail(f"{text!r} is no moment that can be read, {EXAMPLES}.{after}", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(each) for each in WORDS if each.startswith(incomplete.lower())]


def _fields() -> tuple[str, ...]:
    from roadlog.projections.differences import FIELDS

    return FIELDS


MOMENT = MomentType()
FIELD = NameType("field", lambda _, __: _fields())


def moment_at(reading: "Reading", asked: Asked) -> "Moment":
    """The moment that was typed. Raises Malformed for one after now or beyond the head."""
    from roadlog.domain.refusals import Malformed

    try:
        return reading.moment(**asked)
    except Malformed as error:  # it names the option of other commands
        raise Malformed(error.rule, error.message.removeprefix("--known-at ")) from error


@reading(view("why"))
@click.argument("key", type=STREAM)
@click.argument("field", type=FIELD)
def why(reading: "Reading", moment: "Moment", key: str, field: str) -> Any:
    """FIELD is a key of `roadlog show --json`, such as milestone, status, title, approvals or risks; of the
    roadmap itself, its stakeholders or workflow. Who set it to what, when and why; voided records say so.

    roadlog why SUP-1 milestone
    """
    from roadlog import history

    found = history.why(reading, key, field, moment)
    if program().json:
        return found
    from roadlog.cli.views.why import render

    render(found, key, history.field_of(reading, key, field))
    tell_moment()
    return None


@reading(view("differences"), moment=False)
@click.argument("start", metavar="FROM", type=MOMENT)
@click.argument("end", metavar="[TO]", type=MOMENT, required=False, default="now")
@click.argument("key", type=STREAM, required=False)
def diff(reading: "Reading", start: Asked, end: Asked, key: str | None) -> Asked | None:
    """Initiatives that came or went, and every field that differs. FROM and TO are what this log said at a
    time (`2026-03-01`, `"last week"`), after a record (`1240`), or `now`; what was recorded later about
    earlier days is no part of it. The other way round it says the same, seen from there.

    roadlog diff "last week" now
    roadlog diff 2026-02-01 2026-03-01 SUP-1
    roadlog diff 10 20
    """
    from roadlog import history

    first, last = moment_at(reading, start), moment_at(reading, end)
    with bar("Telling what happened") as progress:
        found = history.difference(reading, first, last, key, progress=progress)
    if program().json:
        return found
    from roadlog.cli.views.differences import render

    latest = max(first, last, key=lambda each: each.position)
    render(found, history.titles(reading, latest, {each["key"] for each in found["changed"]}))
    return None


@reading(view("replay"), moment=False)
@click.argument("key", type=STREAM, required=False)
@click.option("--from", "start", type=MOMENT, default="0", metavar="MOMENT", help="Begin after this moment.")
@click.option("--to", "end", type=MOMENT, default="now", metavar="MOMENT", help="End with this moment.")
@click.option("--step", is_flag=True, help="On a terminal, wait for a key before each step; q ends it.")
def replay(reading: "Reading", key: str | None, start: Asked, end: Asked, step: bool) -> None:
    """On a terminal the board changes record by record, beside it what happened. Elsewhere a line a record;
    with --json an object a line. A MOMENT is a time, a position or `now`, as in `roadlog diff`.

    roadlog replay SUP-1
    roadlog replay --from "2 weeks ago" --step
    """
    from roadlog import history

    first, last = moment_at(reading, start), moment_at(reading, end)
    history.check_order(first, last)
    run = program()
    run.tell_asides()
    if not run.json and sys.stdout.isatty() and not is_dumb():
        _play(history.replay(reading, first, last, key), step=step)
        return
    steps = history.steps(reading, first, last, key)
    if run.json:
        for each in steps:
            print_json_line(each)
        return
    for each in _or_nothing(steps):
        when, position, actor = each["effective_at"], each["position"], each["actor"]
        _said(position, when, each["key"], actor, each["sentence"], each["reason"])


def _or_nothing(steps: "Iterable[dict[str, Any]]") -> "Iterator[dict[str, Any]]":
    """The steps; where there is none, that is said."""
    step = None
    for step in steps:
        yield step
    if step is None:
        say("Nothing was recorded between these moments.")


def _play(steps: "Replay", *, step: bool) -> None:
    import time

    from roadlog.cli.views.replay import frame

    for each in _or_nothing(steps):
        sys.stdout.write(CLEAR)
        frame(each, steps.board())
        if step:
            say("Any key goes on, q ends it.")
        sys.stdout.flush()
        if not step:
            time.sleep(FRAME)
        elif click.getchar() in "qQ":
            return


def _said(position: int, when: str, key: str, actor: str, sentence: str, reason: str | None) -> None:
    """One line for what happened."""
    why = f" because “{reason}”" if reason else ""
    say(f"#{position}  {when}  {key}  {actor} {sentence}{why}")


@reading(view("replay"), moment=False)
@click.option(
    "--position",
    "seen",
    type=click.IntRange(min=0),
    metavar="N",
    help="Begin after record N, the last that was seen; else with what comes from now on.",
)
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="End after N records.")
def watch(reading: "Reading", seen: int | None, count: int | None) -> None:
    """From whatever process, until Ctrl-C, which ends it with exit code 0. With --json an object a line. To
    go on where it ended, give the last position that was seen.

    roadlog watch
    roadlog watch --json --position 1240
    """
    import time

    from roadlog import history

    with suppress(KeyboardInterrupt):  # how it is meant to end
        for record in islice(history.follow(reading, seen, lambda: time.sleep(PAUSE)), count):
            _tell(record)
            sys.stdout.flush()


def _tell(record: "Record") -> None:
    if program().json:
        from roadlog.projections.records import record_json

        print_json_line(record_json(record))
        return
    from roadlog.domain.moments import rfc3339
    from roadlog.projections.sentences import sentence

    when = rfc3339(record.effective_at)
    _said(record.position, when, record.stream, record.actor.id, sentence(record.event), record.reason)
