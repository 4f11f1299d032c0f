"""docs/metrics.md: what each worked example says is what `roadlog metrics --json` answers on its history."""

from __future__ import annotations

import json
import re
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
DAY = 86_400


@pytest.fixture(scope="module")
def answer() -> Any:
    return json.loads(played.played_with(DOCUMENT, ASKED)[1])


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


@pytest.mark.parametrize(("path", "text"), EXAMPLE.findall(DOCUMENT))
def test_a_worked_example_is_what_is_measured(answer: Any, path: str, text: str) -> None:
    value = found(answer, path)
    assert value == pytest.approx(meant(text, value))


def test_every_figure_has_an_example_and_every_key_is_told(answer: Any) -> None:
    rows = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and " | " in line]
    figures = [line for line in rows if EXAMPLE.search(line)]
    assert len(figures) > 25
    told = {path.split(".")[0].split("[")[0] for path, _ in EXAMPLE.findall(DOCUMENT)}
    stamps = {"definition", "as_of", "known_at", "position", "head", "filter", "window", "zone", "workflow"}
    assert set(answer) - stamps - told == {"left_out"}
