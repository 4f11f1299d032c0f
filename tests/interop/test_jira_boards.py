"""Random boards: what is measured is what was, and the same however Jira's answers were cut and ordered."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from roadlog.domain.moments import instant, rfc3339
from tests.cli.line import Line
from tests.interop.boards import Claims, Json, changelog, files, history, imports, issue, page, status
from tests.interop.logs import NOW, Store, at

STATUSES = ("To Do", "Doing", "Review", "Done", "Won't do")
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Walk(NamedTuple):
    """What an issue went through: each status, and since when. `hours`: the offset it is written with."""

    stays: list[tuple[str, datetime]]
    labels: list[datetime]
    hours: int

    def histories(self, first: int) -> list[Json]:
        """Its changelog, oldest first, with what else was changed in between."""
        moves = list(zip(self.stays, self.stays[1:], strict=False))
        events: list[tuple[datetime, list[Json]]] = [(since, []) for since in self.labels]
        events += [(since, [status(before, after)]) for (before, _), (after, since) in moves]
        events.sort(key=lambda event: event[0])
        return [
            history(first + number, since, *items, hours=self.hours if number % 2 else 0)
            for number, (since, items) in enumerate(events)
        ]

    def until(self, moment: datetime) -> Walk:
        """What it had gone through at that moment; its first status in any case."""
        stays = [each for each in self.stays if each[1] <= moment]
        return Walk(stays or self.stays[:1], [each for each in self.labels if each <= moment], self.hours)

    def issue(self, number: int) -> Json:
        histories = self.histories(number * 1000)
        return issue(f"DEMO-{number}", *histories, now=self.stays[-1][0], created=self.stays[0][1])


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """At most twenty stays, some of no length, each a number of milliseconds."""
    lengths = st.one_of(st.integers(0, 3), st.integers(0, 10**9))
    since = at(1) + timedelta(milliseconds=draw(st.integers(0, 10**8)))
    stays = [(draw(st.sampled_from(STATUSES)), since)]
    for _ in range(draw(st.integers(0, 20))):
        since = min(since + timedelta(milliseconds=draw(lengths)), NOW)
        others = [each for each in STATUSES if each != stays[-1][0]]
        stays.append((draw(st.sampled_from(others)), since))
    after = st.integers(0, 10**9).map(lambda length: min(stays[0][1] + timedelta(milliseconds=length), NOW))
    return Walk(stays, draw(st.lists(after, max_size=4)), draw(st.integers(-12, 14)))


@st.composite
def ends_of(draw: st.DrawFn, histories: list[Json]) -> list[Json]:
    """Some of the oldest of these, or of the newest, in either order."""
    kept = draw(st.integers(0, len(histories)))
    some = histories[:kept] if draw(st.booleans()) else histories[len(histories) - kept :]
    return some[:: draw(st.sampled_from((1, -1)))]


BOARDS = st.lists(walks(), min_size=1, max_size=6)


def fresh(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("board"))


def answers(board: list[Walk]) -> list[Json]:
    return [walk.issue(number) for number, walk in enumerate(board, start=1)]


# What is measured


def lengths(walk: Walk, end: datetime) -> list[tuple[str, float]]:
    """Each stay of a walk up to its end, in seconds."""
    ends = [since for _, since in walk.stays[1:]]
    return [
        (name, (until - since) / timedelta(seconds=1))
        for (name, since), until in zip(walk.stays, [*ends, end], strict=True)
    ]


@QUICK
@for_all(BOARDS)
def test_every_stay_is_measured_to_the_millisecond(
    tmp_path_factory: pytest.TempPathFactory, board: list[Walk]
) -> None:
    """In a cycle without end, so that all stays belong to it: no walk comes to its finish."""
    folder = tmp_path_factory.mktemp("measured")
    line = Line(folder / ".roadlog")
    finish = issue("DEMO-99", history(99_000, NOW, status("To Do", "Sold")), now="Sold", created=NOW)
    (path,) = files(folder, [page(*answers(board), finish)])
    with freeze_time(NOW + timedelta(days=1)):
        line("init", "--key", "SUP")
        line("import", "jira", str(path), "--infer-workflow")
        metrics = line.json("metrics")
    found = {each["title"].split()[0]: each["cycles"] for each in metrics["initiatives"]}
    for number, walk in enumerate(board, start=1):
        (cycle,) = found[f"DEMO-{number}"]
        expected = lengths(walk, instant(metrics["as_of"]))
        assert [(visit["milestone"], visit["seconds"]) for visit in cycle["visits"]] == expected
        for name, spent in cycle["time_in_milestone"].items():
            assert round(spent, 6) == round(sum(length for each, length in expected if each == name), 6)


@QUICK
@for_all(walks())
def test_stays_from_the_finish_on_are_measured_as_well(
    tmp_path_factory: pytest.TempPathFactory, walk: Walk
) -> None:
    folder = tmp_path_factory.mktemp("finished")
    line = Line(folder / ".roadlog")
    (path,) = files(folder, [page(walk.issue(1))])
    with freeze_time(NOW + timedelta(days=1)):
        line("init", "--key", "SUP")
        line("import", "jira", str(path), "--infer-workflow", "--finish", walk.stays[0][0])
        (shown, metrics) = line.json("show", "SUP-1"), line.json("metrics")
    expected = lengths(walk, instant(metrics["as_of"]))
    assert [(each["milestone"], each["seconds"]) for each in shown["visits"]] == expected
    live = [
        (rfc3339(since), None if place == len(walk.stays) else rfc3339(walk.stays[place][1]))
        for place, (_, since) in enumerate(walk.stays, start=1)
    ]
    assert [(each["entered_at"], each["left_at"]) for each in metrics["initiatives"][0]["live"]] == live


# However the answers are cut and ordered


def recorded(store: Store) -> list[tuple[Any, ...]]:
    """Every record but for what is random in it, and for which file it names."""
    found = []
    for each in store.records()[3:]:
        imported = each.body.source.imported
        assert imported is not None
        what = (each.position, each.stream, each.version, each.event, each.effective_at, each.actor)
        found.append((*what, each.reason, imported.line if each.stream != "SUP" else None))
    return found


def cut(issues: list[Json], chance: random.Random) -> list[Json]:
    """The same search in pages that overlap, its issues and their histories in any order, pages too."""
    mixed = [reordered(each, chance) for each in chance.sample(issues, len(issues))]
    pages, start = [], 0
    while start < len(mixed):
        size = chance.randint(1, 3)
        pages.append(page(*mixed[start : start + size], total=len(mixed), start=start))
        start += max(1, size - chance.randint(0, 1))
    return chance.sample(pages, len(pages))


def reordered(each: Json, chance: random.Random) -> Json:
    """The issue with its histories oldest or newest first."""
    histories = each["changelog"]["histories"][:: chance.choice((1, -1))]
    return each | {"changelog": each["changelog"] | {"histories": histories}}


@QUICK
@for_all(BOARDS, st.randoms(use_true_random=False))
def test_pages_in_any_order_give_the_same_records_and_the_whole_after_them_nothing(
    tmp_path_factory: pytest.TempPathFactory, board: list[Walk], chance: random.Random
) -> None:
    whole, paged = fresh(tmp_path_factory), fresh(tmp_path_factory)
    first = imports(whole, page(*answers(board)))
    assert imports(paged, *cut(answers(board), chance)) == first
    assert recorded(paged) == recorded(whole)
    again = imports(paged, answers(board))
    assert (again.initiatives, again.moves, again.people, again.complete) == (0, 0, 0, True)
    assert again.unchanged == sum(len(walk.stays) for walk in board)
    assert recorded(paged) == recorded(whole)


@QUICK
@for_all(walks(), st.randoms(use_true_random=False))
def test_pages_of_a_changelog_in_any_order_give_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, walk: Walk, chance: random.Random
) -> None:
    whole, parts = fresh(tmp_path_factory), fresh(tmp_path_factory)
    found = walk.issue(1)
    histories = found["changelog"]["histories"]
    newest = chance.randint(0, len(histories))
    known = histories[len(histories) - newest :][::-1]
    short = found | {"changelog": found["changelog"] | {"histories": known}}
    size = chance.randint(1, 5)
    pages = [
        changelog("DEMO-1", *histories[start : start + size], start=start, total=len(histories))
        for start in range(0, len(histories) - newest, size)
    ]
    imports(whole, found)
    assert imports(parts, *chance.sample([short, *pages], len(pages) + 1)).complete
    assert recorded(parts) == recorded(whole)


@QUICK
@for_all(BOARDS, st.datetimes(min_value=at(1).replace(tzinfo=None), max_value=NOW.replace(tzinfo=None)))
def test_a_later_export_adds_only_what_is_new(
    tmp_path_factory: pytest.TempPathFactory, board: list[Walk], moment: datetime
) -> None:
    """The board as it was at a moment, and then as it is, are the board as it is."""
    before = [walk.until(moment.replace(tzinfo=UTC)) for walk in board]
    store, whole = fresh(tmp_path_factory), fresh(tmp_path_factory)
    earlier = imports(store, answers(before))
    later = imports(store, answers(board))
    imports(whole, answers(board))
    assert later.complete
    assert earlier.initiatives + later.initiatives == len(board)
    assert later.unchanged == earlier.lines
    visited = {title: [each[:2] for each in moves] for title, moves in store.told().items()}
    assert visited == {title: [each[:2] for each in moves] for title, moves in whole.told().items()}


@settings(QUICK, max_examples=200)
@for_all(walks(), st.data())
def test_nothing_is_told_that_a_truncated_changelog_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, walk: Walk, data: st.DataObject
) -> None:
    """Whichever end is missing: the stays that are told are a run of those there were, at their own times."""
    found = walk.issue(1)
    histories = found["changelog"]["histories"]
    some = data.draw(ends_of(histories))
    short = found | {"changelog": found["changelog"] | {"histories": some}}
    claims = Claims(files(tmp_path_factory.mktemp("short"), [short]))
    told = claims.stays("DEMO-1")
    starts = range(len(walk.stays) - len(told) + 1)
    assert any(walk.stays[start : start + len(told)] == told for start in starts)
    assert bool(claims.truncated) == (len(some) < len(histories))
    if told and told[0] != walk.stays[0]:
        assert claims.truncated[0].headless


@settings(QUICK, max_examples=200)
@for_all(walks(), st.data())
def test_whatever_parts_of_a_changelog_are_there_no_gap_is_bridged(
    tmp_path_factory: pytest.TempPathFactory, walk: Walk, data: st.DataObject
) -> None:
    """Some answers to searches, each with an end of the changelog in some order, and some of its pages."""
    found = walk.issue(1)
    histories = found["changelog"]["histories"]
    number = st.integers(0, len(histories))
    parts = []
    for _ in range(data.draw(st.integers(1, 2))):
        some = data.draw(ends_of(histories))
        parts.append(found | {"changelog": found["changelog"] | {"histories": some}})
    for _ in range(data.draw(st.integers(0, 3))):
        start, end = sorted((data.draw(number), data.draw(number)))
        parts.append(changelog("DEMO-1", *histories[start:end], start=start, total=len(histories)))
    claims = Claims(files(tmp_path_factory.mktemp("parts"), [data.draw(st.permutations(parts))]))
    told = claims.stays("DEMO-1")
    starts = range(len(walk.stays) - len(told) + 1)
    assert any(walk.stays[start : start + len(told)] == told for start in starts)
    if not claims.truncated:
        assert told == walk.stays
