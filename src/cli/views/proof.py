"""A proof, as people see it: what it shows, and the hashes that show it."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from roadlog.cli.views import screen
from roadlog.cli.views.screen import heading, indented, said


def render(answer: dict[str, Any]) -> None:
    """Prints the proof."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """What is proved, from what to what, and the hashes in between."""
    if "position" in answer:
        yield said(f"✓ Record #{answer['position']} is among the {answer['size']} of this log.", "green")
        yield from _named("leaf", answer["leaf"])
        yield from _named("root", answer["root"])
        yield from _named("origin", answer["origin"])
        yield heading("Header of the leaf")
        for line in answer["header"].splitlines():
            yield indented(said(line), 2)
    else:
        old, new = answer["from"], answer["to"]
        yield said(f"✓ The log of {new['size']} records begins with the first {old['size']}.", "green")
        yield from _named(f"root of {old['size']}", old["root"])
        yield from _named(f"root of {new['size']}", new["root"])
        yield from _named("origin", answer["origin"])
    yield heading("Proof")
    for each in answer["proof"] or ["no hash is needed"]:
        yield indented(said(each, "dim"), 2)


def _named(name: str, value: str) -> Iterator[RenderableType]:
    yield indented(said(f"{name} {value}", "dim"), 2)
