"""Lists as people see them: stakeholders, keys, tokens, evidence, risks, edge cases, incidents."""

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import parts, screen


def _printed(table: Callable[[list[dict[str, Any]]], RenderableType], none: str) -> Callable[[Any], None]:
    def render(answer: list[dict[str, Any]]) -> None:
        screen.show(table(answer) if answer else Text(none))

    return render


def stakeholders(answer: list[dict[str, Any]], names: Mapping[str, str]) -> None:
    """Prints who is on the roadmap, with the names that the directory holds, by handle."""
    screen.show(parts.stakeholders(answer, names) if answer else Text("Nobody is on the roadmap."))


keys = _printed(parts.keys, "No key is enrolled yet.")
log_keys = _printed(parts.log_keys, "No key signs the log yet.")
tokens = _printed(parts.tokens, "No token was made yet.")
evidence = _printed(parts.evidence, "No evidence is attached yet.")
risks = _printed(parts.risks, "No risk is logged yet.")
edge_cases = _printed(parts.edge_cases, "No edge case is logged yet.")
incidents = _printed(parts.incidents, "No incident was opened.")
