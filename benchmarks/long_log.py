"""Moments of a long log: 5,000 initiatives, and up to a million records.

Whole processes are compared with whole processes, as people run them: the board at a random past position,
and as of a random past time, with the board now; `show` likewise; a board that first catches up ten records
with one that has nothing to catch up; `diff` of two moments a month apart, and `search`, with the board. Told
beside it: the past board of a hundredth and of a tenth of the records, with as many initiatives, so that one
sees whether its cost grows with the log. A rebuild is compared with a SELECT and a typed decode of the same
records, as in `rebuild`; its peak memory is that of the command's process.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks import bare
from benchmarks.command import run
from benchmarks.figures import Bound, Figure, Group, Size
from benchmarks.histories import OWNER
from benchmarks.long_history import BEGIN, DAYS, open_side_by_side
from benchmarks.rebuild import decoded, rebuilt
from benchmarks.timing import in_turn, over
from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.store import EVENTS

BOARD = ("board", "--json")
NEW = 10
"""Records to catch up."""
MONTH = timedelta(days=30)
SEED = 7


def _figure(
    name: str, what: str, limit: float | None, aim: float | None, *, bound: Bound = "at most", unit: str = "×"
) -> Figure:
    return Figure(name=name, what=what, bound=bound, limit=limit, aim=aim, unit=unit)


FIGURES = (
    _figure("past-position", "board at a random position ÷ the board now, of a million records", 3.0, 1.5),
    _figure("past-time", "board as of a random time ÷ the board now", 3.0, 1.5),
    _figure("past-show", "show as of a random time ÷ show now", 3.0, 1.5),
    _figure("past-position-100k", "the same, of 100,000 records", None, None),
    _figure("past-position-10k", "the same, of 10,000 records", None, None),
    _figure("past-growth", "board at a random position of a million records ÷ of 10,000", None, None),
    _figure("catch-up", "board that catches up 10 records ÷ with nothing to catch up", 1.15, None),
    _figure("diff-month", "diff of two moments a month apart ÷ board", 1.5, None),
    _figure("search-large", "search ÷ board", 1.5, None),
    _figure(
        "rebuild-large",
        "rebuild of all projections of a million records ÷ SELECT and typed decode",
        0.15,
        0.40,
        bound="at least",
    ),
    _figure("rebuild-memory", "peak memory of that rebuild", 400, None, unit=" MB"),
    _figure("rebuild-growth", "peak memory at a million records ÷ at 100,000", 1.2, None),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    stores = {}
    for name, records in zip(("10k", "100k", "1m"), size.long, strict=True):
        stores[name] = folder / name
        open_side_by_side(stores[name], size.many_initiatives, records)
    rebuilds = in_turn(
        {"ours": lambda: rebuilt(stores["1m"]), "bare": lambda: decoded(stores["1m"] / EVENTS)},
        max(1, rounds // 3),
    )
    memory = {name: run(store, OWNER, "projections", "rebuild").megabytes for name, store in stores.items()}
    values = {name: _past(store, size.many_initiatives, rounds) for name, store in stores.items()}
    large = values["1m"]
    return {
        "past-position": over(large["position"], large["board"]),
        "past-time": over(large["time"], large["board"]),
        "past-show": over(large["show then"], large["show"]),
        "past-position-100k": over(values["100k"]["position"], values["100k"]["board"]),
        "past-position-10k": over(values["10k"]["position"], values["10k"]["board"]),
        "past-growth": over(large["position"], values["10k"]["position"]),
        "catch-up": over(large["behind"], large["board"]),
        "diff-month": over(large["diff"], large["board"]),
        "search-large": over(large["search"], large["board"]),
        "rebuild-large": over(rebuilds["bare"], rebuilds["ours"]),
        "rebuild-memory": [memory["1m"]],
        "rebuild-growth": [memory["1m"] / memory["100k"]],
    }


def _past(store: Path, initiatives: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of each command by round."""
    chance = Random(SEED)  # noqa: S311 (it draws moments, no secrets)
    with bare.opened(store / EVENTS) as connection:
        (head,) = connection.execute("SELECT max(position) FROM stored_events").fetchone()

    def command(*typed: str) -> Callable[[], float]:
        return lambda: run(store, OWNER, *typed).seconds

    def position() -> float:
        return run(store, OWNER, *BOARD, "--position", str(chance.randint(head // 10, head - 1))).seconds

    def time() -> float:
        return run(store, OWNER, *BOARD, "--as-of", _day(chance.uniform(0.1, 0.9))).seconds

    def show() -> float:
        return run(store, OWNER, "show", f"SUP-{chance.randint(1, initiatives)}", "--json").seconds

    def show_then() -> float:
        key = f"SUP-{chance.randint(1, initiatives // 4)}"
        return run(store, OWNER, "show", key, "--json", "--as-of", _day(chance.uniform(0.5, 0.9))).seconds

    def diff() -> float:
        day = chance.uniform(0.1, 0.9)
        return run(store, OWNER, "diff", _day(day), _day(day, MONTH), "--json").seconds

    def behind() -> float:
        with Application.open(store) as application:
            for number in range(NEW):
                note = AddNote(stream=f"SUP-{1 + number % initiatives}", text="Looked at again")
                application.execute(Wish(actor=OWNER), note)
        return run(store, OWNER, *BOARD).seconds

    contenders = {
        "behind": behind,
        "board": command(*BOARD),
        "position": position,
        "time": time,
        "show": show,
        "show then": show_then,
        "diff": diff,
        "search": command("search", "refund rule", "--json"),
    }
    return in_turn(contenders, rounds)


def _day(part: float, later: timedelta = timedelta(0)) -> str:
    return (BEGIN + timedelta(days=DAYS * part) + later).isoformat()


GROUP = Group(name="large", figures=FIGURES, rounds=9, measure=_measure)
