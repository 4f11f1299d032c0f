"""Two pictures as they are: `python -m tests.charts.golden` draws them anew, to be looked at."""

from __future__ import annotations

from pathlib import Path

from roadlog.charts.registry import METRICS
from tests.charts import answers

FOLDER = Path(__file__).parent / "golden"
NAMES = ("cumulative-flow", "ageing")


def drawn(name: str) -> bytes:
    """The picture of 30 initiatives."""
    return METRICS[name].svg(answers.made(30)).encode()


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / f"{each}.svg").write_bytes(drawn(each))
