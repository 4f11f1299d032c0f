"""docs/metrics.md: what each worked example says is what `--json` answers on the histories of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from roadlog.domain.moments import instant, rfc3339
from tests.docs import played

pytestmark = pytest.mark.docs

DOCUMENT = Path(played.ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"`([a-z_][\w.\[\]]*)` = \*\*([^*]+)\*\*")
ASKED = "roadlog metrics --as-of 2026-03-01T09:00Z --json"
BEHIND = re.compile(r"Behind `(roadlog [^`]+ --json)`:")
"""What the examples after it are the answer of, up to the next heading or the next such sentence."""
DAY = 86_400


def examples() -> Iterator[tuple[str, str, str]]:
    """Each example: the command, the path, the value."""
    for section in re.split(r"^##+ ", DOCUMENT, flags=re.MULTILINE):
        first, *others = BEHIND.split(section)
        for command, text in [(ASKED, first), *zip(others[::2], others[1::2], strict=True)]:
            for path, value in EXAMPLE.findall(text):
                yield command, path, value


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    commands = list(dict.fromkeys(command for command, _, _ in EXAMPLES))
    _, *printed = played.played_with(DOCUMENT, *commands)
    return dict(zip(commands, map(json.loads, printed), strict=True))


def found(answer: Any, path: str) -> Any:
    """What stands in the answer under `a.b[0].c`."""
    for name, place in re.findall(r"([a-z_]\w*)|\[(\d+)\]", path):
        answer = answer[name] if name else answer[int(place)]
    return answer


def meant(text: str, value: Any) -> Any:
    """The value that an example writes: days, a time, a fraction, a number, null or a word."""
    if text.endswith(" d"):
        return float(text.removesuffix(" d")) * DAY
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text):
        return rfc3339(instant(text))
    if text == "null":
        return None
    return text if isinstance(value, str) else float(Fraction(text))


@pytest.mark.parametrize(("command", "path", "text"), EXAMPLES)
def test_a_worked_example_is_what_is_measured(
    answers: dict[str, Any], command: str, path: str, text: str
) -> None:
    value = found(answers[command], path)
    assert value == pytest.approx(meant(text, value))


def test_every_command_that_is_named_has_its_examples() -> None:
    named = BEHIND.findall(DOCUMENT)
    assert len(named) >= 6
    assert {command for command, _, _ in EXAMPLES} == {ASKED, *named}
    assert len(EXAMPLES) == len(EXAMPLE.findall(DOCUMENT))


def test_every_figure_has_an_example_and_every_key_is_told(answers: dict[str, Any]) -> None:
    rows = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and " | " in line]
    figures = [line for line in rows if EXAMPLE.search(line)]
    assert len(figures) > 25
    told = {path.split(".")[0].split("[")[0] for command, path, _ in EXAMPLES if command == ASKED}
    stamps = {"definition", "as_of", "known_at", "position", "head", "filter", "window", "zone", "workflow"}
    assert set(answers[ASKED]) - stamps - told == {"left_out"}
