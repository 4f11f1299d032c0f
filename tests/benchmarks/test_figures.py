"""The benchmarks still run: every figure is measured once, with little work, and the table tells of all."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

import benchmarks.__main__ as command
from benchmarks import table
from benchmarks.figures import Bound, Figure, Group, Measured, Size
from benchmarks.timing import in_turn, over

TINY = Size(
    commits=12,
    events=8,
    loads=1,
    initiatives=2,
    records=6,
    few=30,
    many=60,
    imported=30,
    many_initiatives=4,
    long=(2, 3, 6),
)


ALONE = [group for group in (*command.GROUPS, *command.LARGE) if group.name not in ("peers", "forecast")]
"""What needs nothing to be installed."""


@pytest.mark.parametrize("group", ALONE, ids=lambda group: group.name)
def test_every_figure_is_measured(group: Group, tmp_path: Path) -> None:
    found = command.measure(group, tmp_path, TINY, rounds=1)
    assert [each.figure for each in found] == list(group.figures)
    for each in found:
        assert len(each.values) == 1
        assert each.median > 0
    assert list(tmp_path.iterdir()) == []


def test_no_two_figures_have_one_name() -> None:
    names = [figure.name for group in (*command.GROUPS, *command.LARGE) for figure in group.figures]
    assert len(names) == len(set(names))


def test_contenders_take_turns_and_the_first_round_does_not_count() -> None:
    called: list[str] = []

    def contender(name: str, each: float) -> float:
        called.append(name)
        return each * len(called)

    taken = in_turn({"a": lambda: contender("a", 1), "b": lambda: contender("b", 2)}, rounds=2)
    assert called == ["a", "b", "a", "b", "a", "b"]
    assert taken == {"a": [3, 5], "b": [8, 12]}
    assert over(taken["b"], taken["a"]) == [8 / 3, 12 / 5]


def figure(bound: Bound, limit: float | None, aim: float | None, name: str = "load") -> Figure:
    return Figure(name=name, what="ours ÷ bare", bound=bound, limit=limit, aim=aim)


@pytest.mark.parametrize(
    ("bound", "limit", "aim", "values", "verdict"),
    [
        ("at most", 1.8, 1.5, (9, 1.5, 1.4), "reaches the aim"),
        ("at most", 1.8, 1.5, (1, 1.8, 1.9), "within the limit"),
        ("at most", 1.8, 1.5, (1, 1.9, 2), "misses the limit"),
        ("at least", 0.4, 0.6, (0.6, 0.6, 0.1), "reaches the aim"),
        ("at least", 0.4, 0.6, (0.4, 0.5, 0.3), "within the limit"),
        ("at least", 0.4, 0.6, (0.3, 0.3, 9), "misses the limit"),
        ("at most", 300, None, (90,), "within the limit"),
        ("at least", None, 2, (1.9,), "misses the aim"),
        ("at least", None, None, (0.5,), "told beside it"),
    ],
)
def test_the_median_decides(
    bound: Bound, limit: float | None, aim: float | None, values: tuple[float, ...], verdict: str
) -> None:
    found = Measured(figure=figure(bound, limit, aim), values=values)
    assert found.verdict == verdict
    assert found.missed == (verdict == "misses the limit")


FOUND = [
    Measured(figure=figure("at least", 0.4, 0.6), values=(0.5, 0.25, 0.75)),
    Measured(figure=figure("at least", None, 2, name="peer"), values=(), why="node is not installed"),
]


def test_the_table_tells_limit_aim_spread_and_verdict() -> None:
    machine, _, header, *lines = table.as_text(FOUND).splitlines()
    assert "cores" in machine
    assert "SQLite" in machine
    assert header.split()[:3] == ["figure", "limit", "aim"]
    assert [" ".join(line.split()) for line in lines] == [
        "load ≥ 0.4× ≥ 0.6× 0.50× [0.25–0.75] 3 within the limit ours ÷ bare",
        "peer – ≥ 2× – 0 not measured: node is not installed ours ÷ bare",
    ]


def test_in_markdown_every_line_has_as_many_cells() -> None:
    *lines, _, machine = table.as_markdown(FOUND).splitlines()
    assert "cores" in machine
    assert {line.count("|") for line in lines} == {8}
    assert lines[2].startswith("| load | ≥ 0.4× | ≥ 0.6× | 0.50× [0.25–0.75] | 3 | within the limit |")


def test_in_json_there_is_every_round() -> None:
    first, second = table.as_json(FOUND)["figures"]
    assert (first["median"], first["rounds"], first["verdict"]) == (
        0.5,
        [0.5, 0.25, 0.75],
        "within the limit",
    )
    assert (second["median"], second["rounds"]) == (None, [])


@pytest.mark.parametrize(("value", "exit_code"), [(0.4, 0), (0.3, 1)])
def test_a_missed_limit_exits_1(
    value: float, exit_code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Group(
        name="load",
        figures=(figure("at least", 0.4, 0.6),),
        rounds=2,
        measure=lambda _folder, _size, rounds: {"load": [value] * rounds},
    )
    monkeypatch.setattr(command, "GROUPS", (group,))
    monkeypatch.setattr(command, "SCRATCH", tmp_path)
    ran = CliRunner().invoke(command.main, ["--json"])
    assert (ran.exit_code, ran.stderr) == (exit_code, "load: 2 rounds\n")
    assert orjson.loads(ran.stdout)["figures"][0]["rounds"] == [value, value]
