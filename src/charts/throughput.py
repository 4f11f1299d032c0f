"""Throughput: what finished in each period, initiatives (first finishes) beside cycles (every finish)."""

from roadlog.charts import axes
from roadlog.charts.colours import VISITS, Textures
from roadlog.charts.frame import Plot, framed, identity, room, swatch
from roadlog.charts.scales import Scale, from_zero, seconds, time_scale
from roadlog.charts.svg import drawn
from roadlog.charts.table import Answer, Column, Table, about, counted, sentences, stamp
from roadlog.markup import Html, together

NAME = "throughput"
COLUMNS = (
    Column("from", "From", "time"),
    Column("to", "To", "time"),
    Column("initiatives", "Initiatives", "number"),
    Column("cycles", "Cycles", "number"),
)
SERIES = (("initiatives", "initiatives, first finish"), ("cycles", "cycles, every finish"))
HEIGHT, RIGHT = 200.0, 20.0


def table(answer: Answer) -> Table:
    """A row for each period."""
    periods = answer["throughput"]
    rows = tuple((each["from"], each["to"], each["initiatives"], each["cycles"]) for each in periods)
    first, every = (sum(each[name] for each in periods) for name, _ in SERIES)
    return Table(
        chart=NAME,
        title="Throughput: what finished in each period",
        about=about(answer),
        columns=COLUMNS,
        rows=rows,
        stamp=stamp(answer),
        says=sentences(
            f"{counted(every, 'finished cycle')} in {counted(len(rows), 'period')}; "
            f"{counted(first, 'initiative')} finished for the first time."
            if rows
            else "",
        ),
        missing="" if every else "Nothing finished in this window.",
    )


def draw(table: Table) -> str:
    """Two bars a period."""
    rows = table.named()
    y = from_zero([max(each["initiatives"], each["cycles"]) for each in rows], HEIGHT, 0.0, whole=True)
    left = axes.left_of(y)
    wide = room(left, RIGHT)
    x = time_scale((rows[0]["from"], rows[-1]["to"]), wide)
    textures = Textures(identity(table), (VISITS[2], VISITS[0]))
    bars: list[Html] = []
    for each in rows:
        begin, end = x(seconds(each["from"])), x(seconds(each["to"]))
        gap = (end - begin) * 0.1
        half = (end - begin - 2 * gap) / 2
        for place, (name, _) in enumerate(SERIES):
            if each[name]:
                bars.append(_bar(begin + gap + place * half, half, y, each[name], textures.fill(place)))
    legend = [swatch(textures.fill(place), said) for place, (_, said) in enumerate(SERIES)]
    content = together(axes.values(y, wide, whole=True), bars, axes.times(x, HEIGHT, table.stamp["zone"]))
    return framed(
        table,
        Plot(
            content=content,
            height=HEIGHT,
            left=left,
            right=RIGHT,
            unit="finished",
            legend=legend,
            definitions=textures.definitions(),
        ),
    )


def _bar(x: float, wide: float, y: Scale, count: int, fill: str) -> Html:
    top = y(count)
    return drawn(
        "rect",
        x=x,
        y=top,
        width=wide,
        height=HEIGHT - top,
        fill=fill,
        stroke="currentColor",
        stroke_width=0.6,
    )
