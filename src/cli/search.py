"""Searching: the words that people wrote, wherever they stand."""

from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.asking import reading
from roadlog.cli.progress import bar
from roadlog.projections.search import BEST

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading


def _render(answer: list[dict[str, Any]]) -> None:
    from roadlog.cli.views import search

    params = click.get_current_context().params
    search.render(answer, " ".join(params["words"]), params["best"])


@reading(_render)
@click.argument("words", metavar="TEXT...", nargs=-1, required=True)
@click.option(
    "--best",
    type=click.IntRange(min=1),
    default=BEST,
    metavar="N",
    help=f"Only the N best; {BEST} if not given.",
)
def search(reading: "Reading", moment: "Moment", words: tuple[str, ...], best: int) -> list[Any]:
    """TEXT is words, all of which must occur in one text, in any order; neither case nor accents count. A
    longer word that begins so is found, too, after the word itself. In double quotes, words are taken as they
    are and follow each other. What was found stands between « and ». Where more texts have the words than
    are wanted, those with the very words come first, then those recorded last.

    The first search of a log makes an index of it, which later ones only catch up.

    roadlog search refund
    roadlog search '"refund rules" policy' --as-of 2026-03-01
    """
    with bar("Indexing") as progress:
        return reading.search(" ".join(words), moment, best=best, progress=progress)
