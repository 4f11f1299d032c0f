"""A pack that was made, as people see it: where it is, what it holds, and how it is checked."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from roadlog.cli.views import screen
from roadlog.cli.views.screen import heading, indented, said
from roadlog.domain.wording import quoted
from roadlog.pack.front import CHECK


def render(answer: dict[str, Any]) -> None:
    """Prints what was made."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Where it is, what it holds, what it is checked by."""
    about = answer["key"] or "the whole roadmap"
    yield said(f"✓ The evidence pack of {about} is in {answer['out']}.", "green")
    yield said(
        f"It tells of {answer['told_of']:,} records. Of the log's {answer['size']:,} it has all headers, "
        f"and the content of {answer['with_content']:,}."
    )
    yield said("Begin with report.html. README lists the files, and says what the check needs.")
    yield heading("How it is checked")
    yield indented(said(CHECK.replace("verify.py", f"{quoted(answer['out'])}/verify.py")), 2)
