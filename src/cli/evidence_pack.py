"""The evidence pack: a folder for somebody who has no roadlog, and no reason to believe us."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from roadlog.cli.arguments import KEY
from roadlog.cli.asking import answering
from roadlog.cli.program import program
from roadlog.cli.progress import bar
from roadlog.cli.times import SINCE


def _render(answer: dict[str, Any]) -> None:
    from roadlog.cli.views import evidence_pack

    evidence_pack.render(answer)


@answering(_render)
@click.argument("key", type=KEY, required=False)
@click.option(
    "--from", "start", type=SINCE, metavar="TIME", help="Tell of what was recorded from then on; else of all."
)
@click.option("--to", "end", type=SINCE, metavar="TIME", help="Tell of what was recorded before then.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to make; it must not be there yet.",
)
def evidence_pack(key: str | None, start: datetime | None, end: datetime | None, out: Path) -> dict[str, Any]:
    """Of one initiative, or of the whole roadmap: a report for people, tables, the records with their bytes,
    the headers of the whole log, and a program that checks it all without roadlog. Of other initiatives it
    has the headers alone, which say when something of which type was recorded, and not what. The same log
    gives the same bytes.

    roadlog evidence-pack SUP-1 --out pack-of-SUP-1
    roadlog evidence-pack --from 2026-01-01 --to 2026-04-01 --out first-quarter
    """
    from roadlog.pack.scope import Asked
    from roadlog.pack.writing import write

    run = program()
    with bar("Packing") as progress:
        return write(run.folder(), out, Asked(key, start, end), now=run.now, progress=progress)
