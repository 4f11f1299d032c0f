"""Forecast: a fan of how many more finish by a date, from nearly certain to as likely as not.

Where the question is when so many have finished, a line lies across at their count.
"""

from datetime import date, datetime, time

from roadlog.charts import axes
from roadlog.charts.colours import BANDS, Textures
from roadlog.charts.frame import Plot, framed, identity, room, swatch
from roadlog.charts.scales import Scale, from_zero, seconds, time_scale
from roadlog.charts.svg import drawn, line, path, text
from roadlog.charts.table import Answer, Column, Line, Table, about, sentences, stamp
from roadlog.domain.moments import rfc3339
from roadlog.markup import Html, together
from roadlog.projections.zones import zone_of

NAME = "forecast"
SURE = (("p95", "95 %"), ("p85", "85 %"), ("p70", "70 %"), ("p50", "50 %"))
"""With so much probability at least so many: from the lowest line up."""
COLUMNS = (
    Column("at", "By", "day"),
    *(Column(name, f"At least, with {said}", "number") for name, said in SURE),
)
HEIGHT = 220.0


def table(answer: Answer) -> Table:
    """A row for each day of the forecast's `fan`."""
    found = answer["fan"] or []
    count = answer["question"]["count"] if found else None
    return Table(
        chart=NAME,
        title="Forecast: how many more finish by a day",
        about=about(answer),
        columns=COLUMNS,
        rows=tuple((each["at"], *(each[name] for name, _ in SURE)) for each in found),
        stamp=stamp(answer),
        lines=() if count is None else (Line(f"{count:,} more", count),),
        says=sentences(
            _counts(found[-1]) if count is None else _days(count, answer["percentiles"]),
            f"{answer['trials']:,} trials, seed {answer['seed']}.",
        )
        if found
        else (),
        missing="" if found else answer["insufficient"] or "A forecast of one initiative has no fan.",
    )


def _counts(last: Answer) -> str:
    """`By 2026-05-01: at least 6 with 50 %.` That at least none finish is not said: it cannot fail."""
    told = [f"at least {last[name]:,} with {said}" for name, said in reversed(SURE) if last[name]]
    return f"By {last['at']}: {', '.join(told) or 'no finish is sure with 50 % or more'}."


def _days(count: int, days: Answer) -> str:
    """`10 more: by 2026-06-02 with 50 %.`"""
    told = [f"by {days[name]} with {said}" for name, said in reversed(SURE) if days[name]]
    return f"{count:,} more: {', '.join(told) or 'not within ten years'}."


def draw(table: Table) -> str:
    """The bands between the probabilities, each up to its line."""
    rows, zone = table.named(), table.stamp["zone"]
    y = from_zero(
        [each["p50"] for each in rows] + [each.value for each in table.lines], HEIGHT, 0.0, whole=True
    )
    left, right = axes.left_of(y), 92.0
    wide = room(left, right)
    days = [_begins(each["at"], zone) for each in rows]
    x = time_scale((days[0], days[-1]), wide)
    textures = Textures(identity(table), BANDS)
    places = [x(seconds(each)) for each in days]
    below = [(places[0], y(0)), (places[-1], y(0))]
    areas: list[Html] = []
    for place, (name, _) in enumerate(SURE):
        above = axes.steps(places, [y(each[name]) for each in rows])
        areas += [
            drawn("path", d=path([*above, *reversed(below)], closed=True), fill=textures.fill(place)),
            drawn("path", d=path(above), fill="none", stroke="currentColor", stroke_width=0.9),
        ]
        below = above
    content = together(
        areas,
        axes.values(y, wide, whole=True),
        axes.times(x, HEIGHT, zone),
        _across(table, y, wide),
        _ends(rows, y, wide),
    )
    legend = [swatch(textures.fill(place), f"{said} sure") for place, (_, said) in enumerate(SURE)]
    return framed(
        table,
        Plot(
            content=content,
            height=HEIGHT,
            left=left,
            right=right,
            unit="more that finish",
            legend=legend,
            definitions=textures.definitions(),
        ),
    )


def _begins(day: str, zone: str) -> str:
    """A day's first moment, RFC 3339."""
    return rfc3339(datetime.combine(date.fromisoformat(day), time(), zone_of(zone)))


def _across(table: Table, y: Scale, wide: float) -> Html:
    """A line at the count that was asked for."""
    return together(
        [
            line(0, y(each.value), wide, y(each.value), stroke_width=1.6, stroke_dasharray="8 4"),
            text(4, y(each.value) - 5, each.label, size=11, **axes.HALO),
        ]
        for each in table.lines
    )


def _ends(rows: list[Answer], y: Scale, wide: float) -> Html:
    last = rows[-1]
    said = [(y(last[name]), f"{percent}: {last[name]:,}+") for name, percent in reversed(SURE) if last[name]]
    places = axes.spread([at for at, _ in said], 13, 6, HEIGHT - 2)
    return together(
        [text(wide + 6, at + 4, each, size=11) for (_, each), at in zip(said, places, strict=True)]
    )
