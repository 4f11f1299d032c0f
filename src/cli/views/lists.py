"""Lists as people see them: stakeholders, evidence, risks, edge cases, incidents."""

from collections.abc import Callable
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog.cli.views import parts, screen


def _printed(table: Callable[[list[dict[str, Any]]], RenderableType], none: str) -> Callable[[Any], None]:
    def render(answer: list[dict[str, Any]]) -> None:
        screen.show(table(answer) if answer else Text(none))

    return render


stakeholders = _printed(parts.stakeholders, "Nobody is on the roadmap.")
evidence = _printed(parts.evidence, "No evidence is attached yet.")
risks = _printed(parts.risks, "No risk is logged yet.")
edge_cases = _printed(parts.edge_cases, "No edge case is logged yet.")
incidents = _printed(parts.incidents, "No incident was opened.")
