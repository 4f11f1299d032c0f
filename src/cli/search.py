"""Searching: the words that people wrote, wherever they stand."""

from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.asking import reading
from roadlog.cli.progress import bar

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _render(answer: list[dict[str, Any]]) -> None:
    from roadlog.cli.views import search

    search.render(answer, " ".join(click.get_current_context().params["words"]))


@reading(_render)
@click.argument("words", metavar="TEXT...", nargs=-1, required=True)
@click.option("--best", type=click.IntRange(min=1), metavar="N", help="Only the N best.")
def search(reading: "Reading", moment: "Moment", words: tuple[str, ...], best: int | None) -> list[Any]:
    """TEXT is words, all of which must occur in one text, in any order; neither case nor accents count. A
    longer word that begins so is found, too, after the word itself. In double quotes, words are taken as they
    are and follow each other. What was found stands between « and ».

    The first search of a log makes an index of it, which later ones only catch up.

    roadlog search refund
    roadlog search '"refund rules" policy' --as-of 2026-03-01
    """
    with bar("Indexing") as progress:
        return reading.search(" ".join(words), moment, best=best, progress=progress)
