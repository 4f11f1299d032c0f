"""What makes the figures doubtful."""

from __future__ import annotations

from msgspec.structs import replace

from roadlog.domain.initiative import Criterion, Move
from roadlog.projections.metrics.quality import doubts as doubts_of
from tests.domain.spec import By
from tests.projections.histories import (
    case,
    defined,
    moved,
    on,
)
from tests.projections.metrics.reports import FINISHED, report

CRITERION = Criterion(
    id="C1",
    position=1,
    milestone="build",
    metric="accuracy",
    operator=">=",
    threshold=0.8,
    segment=None,
    dataset=None,
    set_by="dan",
)


def test_doubts_stand_beside_the_report() -> None:
    def doubts(*steps: By) -> list[str]:
        return [each["finding"] for each in report(steps)["quality"] if each["finding"] != "few-finishes"]

    assert doubts(*FINISHED) == ["all-active"]
    assert doubts(*FINISHED[:2]) == []
    assert doubts(on(0, defined()), on(1, moved("learn")), on(1, moved("build"))) == ["zero-length"]
    assert doubts(on(0, defined()), on(1, moved("learn", break_glass=True))) == ["excused"]
    assert report(FINISHED)["quality"][-1] == {
        "finding": "few-finishes",
        "text": "fewer than 5 cycles finished: no percentile is given",
        "keys": [],
    }
    assert all(each["finding"] != "few-finishes" for each in report(*[FINISHED] * 5)["quality"])


def test_what_was_typed_late_in_bulk_or_imported_is_told() -> None:
    def doubts(*moves: Move, late: int = 0, moved: bool = False) -> list[str]:
        state = replace(case(*FINISHED)[0], moves=moves, late=late)
        if moved:
            state = replace(state, criteria={"C1": replace(CRITERION, moved=True)})
        return doubts_of(state)

    second, day_ = 1_000_000, 86_400_000_000
    plain = Move(recorded=0, imported=False)
    assert doubts(plain) == []
    assert doubts(plain, late=day_) == []
    assert doubts(plain, late=day_ + 1) == ["backdated"]
    assert doubts(replace(plain, imported=True)) == ["imported"]
    assert doubts(*(replace(plain, recorded=n * 15 * second) for n in range(5))) == ["bulk-entry"]
    assert doubts(*(replace(plain, recorded=n * 15 * second + n) for n in range(5))) == []
    assert doubts(*(replace(plain, recorded=n) for n in range(4))) == []
    assert doubts(plain, moved=True) == ["threshold-moved"]
