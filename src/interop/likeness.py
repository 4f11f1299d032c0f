"""Names that are nearly those that were meant."""

from collections.abc import Iterable


def near(name: str, others: Iterable[str]) -> str | None:
    """The most like it of the others, capitals aside; None where none is."""
    import difflib

    folded = {each.casefold(): each for each in others}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.75)
    return folded[found[0]] if found else None
