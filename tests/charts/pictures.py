"""Reading a picture back: its elements, and the values that the places of its marks stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from msgspec import Struct

from roadlog.charts.registry import FORECAST, METRICS, Chart
from roadlog.charts.table import Answer
from tests.charts import answers

SVG = "{http://www.w3.org/2000/svg}"
SIZES = (0, 1, 5, 50, 500)
CHARTS: dict[str, Chart] = {**METRICS, "forecast": FORECAST}


def answer_for(name: str, count: int) -> Answer:
    """What a chart is drawn from, of so many initiatives."""
    if name != "forecast":
        return answers.made(count)
    return {
        **answers.fan(most=count),
        **(
            {"fan": None, "insufficient": "Insufficient history: no cycle has finished."}
            if count == 0
            else {}
        ),
    }


def parsed(picture: str) -> ET.Element:
    """The picture as XML. Raises ParseError where it is none."""
    return ET.fromstring(picture)  # noqa: S314 - of our own making, and read by a parser without entities


class Drawing(Struct, frozen=True):
    """The plot of a picture: its marks, and what its axes say about places."""

    plot: ET.Element

    @classmethod
    def of(cls, picture: str) -> Drawing:
        groups = [each for each in parsed(picture) if each.tag == f"{SVG}g" and each.get("transform")]
        return cls(groups[-1])

    def circles(self, **look: str) -> list[tuple[float, float, str]]:
        """(x, y, title) of the circles, those in a group with this look or all."""
        return [
            (float(each.attrib["cx"]), float(each.attrib["cy"]), each.findtext(f"{SVG}title") or "")
            for group in self.plot.iter()
            if all(group.get(name) == value for name, value in look.items())
            for each in ([group] if not look else group)
            if each.tag == f"{SVG}circle"
        ]

    def rects(self) -> list[dict[str, float]]:
        """Places and sizes of the rectangles."""
        return [
            {name: float(each.attrib[name]) for name in ("x", "y", "width", "height")}
            for each in self.plot.iter(f"{SVG}rect")
        ]

    def texts(self) -> list[tuple[float, float, str]]:
        return [
            (float(each.attrib["x"]), float(each.attrib["y"]), each.text or "")
            for each in self.plot.iter(f"{SVG}text")
        ]

    def heights(self) -> Callable[[float], float]:
        """From a height in the plot to the value that the labels on the left say."""
        ticks = [(y - 4, said) for x, y, said in self.texts() if x == -6 and _is_number(said)]
        return _line([(place, _number(said)) for place, said in ticks])

    def lengths(self) -> Callable[[float], float]:
        """From a place in the plot to the value that the labels below say."""
        lowest = max(y for _, y, said in self.texts() if _is_number(said))
        return _line([(x, _number(said)) for x, y, said in self.texts() if y == lowest and _is_number(said)])

    def paths(self) -> Iterator[tuple[dict[str, Any], list[tuple[float, float]]]]:
        """Each path with its attributes and its points."""
        for each in self.plot.iter(f"{SVG}path"):
            found = re.findall(r"(-?[\d.]+) (-?[\d.]+)", each.attrib["d"])
            yield dict(each.attrib), [(float(x), float(y)) for x, y in found]


def _is_number(said: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,.]+( %)?", said))


def _number(said: str) -> float:
    return float(said.replace(",", "").removesuffix(" %")) / (100 if said.endswith("%") else 1)


def _line(pairs: list[tuple[float, float]]) -> Callable[[float], float]:
    (a, low), (b, high) = pairs[0], pairs[-1]
    return lambda place: low + (place - a) * (high - low) / (b - a)
