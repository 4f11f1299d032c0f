"""The audit: which controls hold by what the log says, with the positions that show it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import KEY, NameType
from roadlog.cli.asking import Verdict, reading
from roadlog.cli.progress import bar
from roadlog.cli.questions import view
from roadlog.cli.times import SINCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _controls(_: Any, __: Any) -> "Iterable[str]":
    from roadlog.controls.mapping import FILES, chosen

    return (*FILES, *(control.id for _, control in chosen()))


CONTROL = NameType("id", _controls)


@reading(view("audit"), stamped=True)
@click.argument("key", type=KEY, required=False)
@click.option(
    "--control", "ids", type=CONTROL, multiple=True, help="Only this control, or those of this framework."
)
@click.option("--from", "start", type=SINCE, metavar="TIME", help="What held or happened then or later.")
@click.option("--to", "end", type=SINCE, metavar="TIME", help="What held or happened before then.")
def audit(
    reading: "Reading",
    moment: "Moment",
    *,
    key: str | None,
    ids: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
) -> Verdict:
    """Of the EU AI Act, NIST AI RMF 1.0, ISO/IEC 42001, SOC 2, and roadlog's own. Each is satisfied, has
    findings, is absent (nothing in the log shows it) or out of scope, which follows from how the purpose was
    classified. KEY is an initiative's key; all of them and the roadmap itself, unless given. What was in
    force at the time is what things are judged by.

    Exit 0 says that nothing was found, 1 that something was. It is evidence of a process: roadlog does not
    make the runtime logs of Articles 12 and 19 of the EU AI Act.

    roadlog audit
    roadlog audit SUP-1 --from 2026-01-01 --to 2026-04-01
    roadlog audit --control self-approval --control eu-ai-act
    """
    from roadlog.audit import audit

    with bar("Auditing") as progress:
        answer = audit(reading, moment, key=key, ids=ids, start=start, end=end, progress=progress)
    return Verdict(answer, 1 if answer["summary"]["finding"] else 0)
