"""Gate latency: days from a request to each role's answer, rejected rounds apart below approvals."""

from collections.abc import Iterable
from typing import Any

from roadlog.charts import axes, scales
from roadlog.charts.axes import HALO
from roadlog.charts.colours import SERIES, mark
from roadlog.charts.frame import MARGIN, Legend, Plot, framed, room
from roadlog.charts.scales import from_zero
from roadlog.charts.svg import cut, drawn, line, text, width
from roadlog.charts.table import DAY, Answer, Column, Row, Table, about, counted, days, sentences, stamp
from roadlog.markup import Html, together

NAME = "gate-latency"
COLUMNS = (
    Column("role", "Role"),
    Column("decision", "Decision"),
    Column("n", "n", "number"),
    Column("key", "Key"),
    Column("p50", "p50", "duration"),
    Column("p85", "p85", "duration"),
    Column("seconds", "Single round", "duration"),
    Column("open", "Still waiting", "number"),
)
STEP, BETWEEN = 17.0, 9.0
APART = 9.0
"""Marks nearer to each other than this would hide each other."""
LOOKS = {"approved": ("circle", SERIES[0]), "rejected": ("cross", SERIES[1])}


def table(answer: Answer) -> Table:
    """A row for each role and decision with percentiles; or for each round of fewer than five."""
    rows = tuple(row for role, found in answer["gate_latency"].items() for row in _rows(role, found))
    few = any(row[6] is not None for row in rows)
    still = sum(found["open"] for found in answer["gate_latency"].values())
    return Table(
        chart=NAME,
        title="Gate latency: days from request to answer",
        about=about(answer),
        columns=COLUMNS,
        rows=rows,
        stamp=stamp(answer),
        says=sentences(
            "Of 5 rounds and more: p50, and hollow p85." if any(row[4] for row in rows) else "",
            "Fewer than 5 rounds are shown one by one: too few for percentiles." if few else "",
            f"{counted(still, 'request')} still waiting." if still else "",
        ),
        missing="" if any(row[2] for row in rows) or still else "No role was asked for an approval.",
    )


def _rows(role: str, found: Answer) -> Iterable[Row]:
    for decision, rounds in (("approved", found), ("rejected", found["rejected"])):
        waiting = found["open"] if decision == "approved" else None
        if rounds["p50"] is not None:
            yield (role, decision, rounds["n"], None, rounds["p50"], rounds["p85"], None, waiting)
            continue
        for each in rounds.get("items", []):
            yield (role, decision, rounds["n"], each["key"], None, None, each["seconds"], waiting)
        if not rounds["n"] and waiting:
            yield (role, decision, 0, None, None, None, None, waiting)


def draw(table: Table) -> str:
    """A line for each role and decision."""
    rows = table.named()
    lines = {(each["role"], each["decision"]): each for each in rows}
    roles = list(dict.fromkeys(each["role"] for each in rows))
    left = min(130.0, max((width(each, 11.5) for each in roles), default=0.0) + MARGIN + 8)
    right = 92.0
    found = [
        each[name] / DAY for each in rows for name in ("p50", "p85", "seconds") if each[name] is not None
    ]
    x = from_zero(found, 0.0, room(left, right))
    pieces: list[Html] = []
    y = 4.0
    for role in roles:
        pieces.append(text(-8, y + 9, cut(role, 11.5, left - MARGIN - 6), size=11.5, anchor="end"))
        for decision in LOOKS:
            first = lines.get((role, decision))
            if first is not None:
                of_both = [each for each in rows if (each["role"], each["decision"]) == (role, decision)]
                items = sorted(of_both, key=lambda each: each["seconds"] or 0.0)
                pieces += _round(items, x, y + 5, decision)
                y += STEP + max(_apart(_places(items, x)), default=0.0)
        pieces.append(line(-left + MARGIN, y + 2, x.end + right - MARGIN, y + 2, stroke_opacity=0.14))
        y += BETWEEN
    content = together(axes.lengths(x, y - BETWEEN, x.end + 80), pieces)
    decisions = {each["decision"] for each in rows if each["n"]}
    legend = [Legend(_sign(each), each) for each in LOOKS if each in decisions]
    return framed(table, Plot(content=content, height=y, left=left, right=right, below=18, legend=legend))


def _look(decision: str, *, hollow: bool = False) -> dict[str, Any]:
    colour = LOOKS[decision][1]
    fill = "none" if hollow or decision == "rejected" else colour
    return {"fill": fill, "stroke": colour, "stroke_width": 1.8}


def _sign(decision: str) -> Html:
    return mark(LOOKS[decision][0], 7, 5, 3.5, **_look(decision))


def _apart(places: list[float]) -> list[float]:
    """How far down each mark is drawn, so that none hides another: such stand in a stack. Places ascend."""
    free: list[float] = []
    shifts = []
    for place in places:
        row = next((row for row, taken in enumerate(free) if place - taken >= APART), len(free))
        free[row : row + 1] = [place]
        shifts.append(row * APART)
    return shifts


def _places(items: list[Answer], x: scales.Scale) -> list[float]:
    """Where the percentiles lie, or the single rounds."""
    first = items[0]
    found = [first["p50"], first["p85"]] if first["p50"] is not None else [each["seconds"] for each in items]
    return [x(each / DAY) for each in found if each is not None]


def _round(items: list[Answer], x: scales.Scale, y: float, decision: str) -> Iterable[Html]:
    """Percentiles with a line between them, or the single rounds; then how many, and how many still wait."""
    shape, first, places = LOOKS[decision][0], items[0], _places(items, x)
    placed = [(place, y + down) for place, down in zip(places, _apart(places), strict=True)]
    if first["p50"] is not None:
        low, high = placed
        yield line(*low, *high, stroke=LOOKS[decision][1], stroke_width=1.8)
        yield mark(shape, *low, 4, **_look(decision))
        hollow = {**_look(decision, hollow=True), "fill": "#fff", "class_": "paper"}
        yield mark("diamond" if decision == "rejected" else shape, *high, 4, **hollow)
        said = f"{first['p50'] / DAY:,.1f} to {first['p85'] / DAY:,.1f}"
        yield _beside(low[0], high[0], y, said, x.end + 74 - width(_count(first), 10.5))
    else:
        for each, (at, down) in zip(items, placed, strict=False):
            told = f"{each['key']}: {days(each['seconds'])}, {decision}"
            yield mark(shape, at, down, 3.5, title=told, **_look(decision))
    yield text(x.end + 80, y + 4, _count(first), size=10.5, anchor="end", quiet=True)


def _count(row: Answer) -> str:
    return f"n {row['n']:,}" + (f", {row['open']:,} wait" if row["open"] else "")


def _beside(low: float, high: float, y: float, said: str, free: float) -> Html:
    """The percentiles in words, at the right of them; where no room is left up to `free`, left or between."""
    long = width(said, 10.5)
    if high + 8 + long <= free:
        return text(high + 8, y + 4, said, size=10.5, **HALO)
    if low - 8 - long >= 0:
        return text(low - 8, y + 4, said, size=10.5, anchor="end", **HALO)
    middle = (low + high) / 2
    paper = drawn("rect", x=middle - long / 2, y=y - 6, width=long, height=12, fill="#fff", class_="paper")
    return together(paper, text(middle, y + 4, said, size=10.5, anchor="middle"))
