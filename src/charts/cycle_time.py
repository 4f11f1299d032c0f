"""Cycle times: each finished cycle at the day of its finish, percentiles, unfinished ones at their age."""

from collections.abc import Iterator

from roadlog.charts import axes
from roadlog.charts.colours import EDGE, SERIES, mark
from roadlog.charts.frame import Legend, Plot, framed, room
from roadlog.charts.scales import Scale, from_zero, seconds, time_scale
from roadlog.charts.svg import group
from roadlog.charts.table import (
    DAY,
    Answer,
    Column,
    Row,
    Table,
    about,
    counted,
    days,
    percentiles,
    sentences,
    stamp,
    too_few,
)
from roadlog.markup import Html, together

NAME = "cycle-time"
COLUMNS = (
    Column("key", "Key"),
    Column("title", "Initiative"),
    Column("cycle", "Cycle", "number"),
    Column("finished_at", "Finished", "time"),
    Column("seconds", "Time", "duration"),
)
HEIGHT, SIZE = 210.0, 3.2
CROWD, SMALL = 60, 2.0
"""More unfinished ones than these are drawn small, so that they stand side by side."""


def table(answer: Answer) -> Table:
    """A row for each cycle that finished in the window, by its finish, then for each unfinished one."""
    done, still, stopped = _rows(answer)
    lines = percentiles(answer["cycle_time"])
    n = answer["cycle_time"]["n"]
    said = sentences(
        "" if lines or not done else too_few(n),
        f"{counted(n, 'finished cycle')}: {', '.join(f'{x.label} {days(x.value)}' for x in lines)}."
        if lines
        else "",
        f"{counted(len(still), 'unfinished cycle')} at the right, at the age so far." if still else "",
        f"{counted(stopped, 'stopped cycle')} not drawn: a stop is no finish." if stopped else "",
    )
    return Table(
        chart=NAME,
        title="Cycle time: days from start to finish",
        about=about(answer),
        columns=COLUMNS,
        rows=(*done, *still),
        stamp=stamp(answer),
        lines=lines,
        says=said,
        missing="" if done or still else "No cycle finished in this window, and none is under way.",
    )


def _rows(answer: Answer) -> tuple[list[Row], list[Row], int]:
    """Finished ones, unfinished ones, and how many were stopped."""
    start, end = answer["filter"]["from"], answer["filter"]["to"]
    done: list[Row] = []
    still: list[Row] = []
    stopped = 0
    for each in answer["initiatives"]:
        for cycle in each["cycles"]:
            at = cycle["finished_at"]
            if at is None and cycle["outcome"] == "open":
                age = seconds(answer["as_of"]) - seconds(cycle["started_at"])
                still.append((each["key"], each["title"], cycle["cycle"], None, age))
            elif at is None:
                stopped += 1
            elif (start is None or start <= at) and (end is None or at < end):
                done.append((each["key"], each["title"], cycle["cycle"], at, cycle["cycle_time"]))
    return sorted(done, key=lambda row: str(row[3])), still, stopped


def draw(table: Table) -> str:
    """The scatter."""
    rows = table.named()
    y = from_zero([each["seconds"] / DAY for each in rows], HEIGHT, 0.0)
    beside = 30.0 if any(each["finished_at"] is None for each in rows) else 0.0
    left, right = axes.left_of(y), axes.right_of(table, beside)
    wide = room(left, right)
    x = time_scale(table.stamp["window"], wide)
    told = len(rows) <= axes.TOLD
    points = [
        _point(each, x(seconds(each["finished_at"])), y, SIZE, told=told)
        for each in rows
        if each["finished_at"] is not None
    ]
    still = sorted(
        (each for each in rows if each["finished_at"] is None), key=lambda each: -float(each["seconds"])
    )
    size = SIZE if len(still) <= CROWD else SMALL
    aside = axes.aside([y(each["seconds"] / DAY) for each in still], beside, size)
    open_ones = [
        _point(each, wide + beside / 2 + shift, y, size, told=told)
        for each, shift in zip(still, aside, strict=True)
    ]
    content = together(
        axes.values(y, wide),
        axes.times(x, HEIGHT, table.stamp["zone"]),
        group(0, 0, points, fill=SERIES[0], **EDGE),
        group(0, 0, open_ones, fill="none", stroke=SERIES[1], stroke_width=1.2),
        axes.lines_across(table, y, wide, beside),
    )
    return framed(
        table,
        Plot(content=content, height=HEIGHT, left=left, right=right, unit="days", legend=list(_legend(rows))),
    )


def _point(row: Answer, x: float, y: Scale, size: float, *, told: bool) -> Html:
    said = f"{row['key']} cycle {row['cycle']}: {days(row['seconds'])}" if told else ""
    return mark("circle", x, y(row["seconds"] / DAY), size, title=said)


def _legend(rows: list[Answer]) -> Iterator[Legend]:
    if any(each["finished_at"] for each in rows):
        yield Legend(mark("circle", 7, 5, SIZE, fill=SERIES[0]), "finished")
    if any(each["finished_at"] is None for each in rows):
        hollow = mark("circle", 7, 5, SIZE, fill="none", stroke=SERIES[1], stroke_width=1.5)
        yield Legend(hollow, "unfinished, at its age")
