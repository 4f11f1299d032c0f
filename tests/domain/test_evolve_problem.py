"""What the events about what and why do to the state, field by field."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from roadlog.domain.events import (
    DependencyAdded,
    DependencyRemoved,
    ExpectationSet,
    InitiativeAdopted,
    InitiativePlaced,
    Outcome,
    OutcomeMeasured,
    OutcomeTargeted,
    OwnerChanged,
    ProblemDefined,
    ProblemReframed,
    PurposeClassified,
    StakeholderConsulted,
)
from roadlog.domain.initiative import (
    Classification,
    Expectation,
    InitiativeState,
    Measurement,
    Move,
    OutcomeState,
    Visit,
)
from roadlog.domain.moments import microseconds
from tests.domain.changes import changed, state_after
from tests.domain.spec import FIRST, KEY, at, by

CSAT = Outcome(metric="csat", unit="%", baseline=70, target=80, relative=False, by=date(2026, 9, 1))
DEFINED = ProblemDefined(
    key=KEY,
    title="Support load",
    problem="Customers wait",
    outcome=CSAT,
    segments=("new",),
    approach="answers",
    owner="paula",
    solution_words=(),
)
ADOPTED = InitiativeAdopted(
    key=KEY,
    title="Old work",
    milestone="training",
    since=datetime(2025, 11, 1, tzinfo=UTC),
    owner="dan",
    origin="under-way",
    cycle=1,
    iteration=1,
    visit=1,
)
REFRAMED = ProblemReframed(title=None, problem=None, segments=None, approach=None, solution_words=())


def outcome_state(
    outcome: Outcome, *, position: int, measurements: tuple[Measurement, ...] = ()
) -> OutcomeState:
    return OutcomeState(
        metric=outcome.metric,
        unit=outcome.unit,
        baseline=outcome.baseline,
        target=outcome.target,
        relative=outcome.relative,
        by=outcome.by,
        position=position,
        measurements=measurements,
    )


def measured(value: int, metric: str = "csat") -> OutcomeMeasured:
    return OutcomeMeasured(metric=metric, value=value, sample=None, evidence=None)


def test_a_defined_problem_is_the_whole_state_of_a_new_initiative() -> None:
    assert state_after(DEFINED) == InitiativeState(
        key=KEY,
        version=1,
        position=FIRST,
        title="Support load",
        problem="Customers wait",
        segments=("new",),
        approach="answers",
        owner="paula",
        defined_at=at(0),
        defined_by=FIRST,
        outcomes={"csat": outcome_state(CSAT, position=FIRST)},
        touched={"problem": at(0)},
        edited={"paula": FIRST},
    )


def test_a_problem_without_an_outcome_has_none() -> None:
    state = state_after(replace(DEFINED, outcome=None))
    assert state.outcomes == {}
    assert state.first_outcome is None


def test_adopted_work_stands_in_its_milestone_since_then() -> None:
    assert state_after(ADOPTED) == InitiativeState(
        key=KEY,
        version=1,
        position=FIRST,
        title="Old work",
        owner="dan",
        adopted_since=ADOPTED.since,
        milestone="training",
        cycle=1,
        iteration=1,
        visit=1,
        visits=(
            Visit(
                milestone="training",
                visit=1,
                cycle=1,
                iteration=1,
                entered_at=ADOPTED.since,
                entered_by=FIRST,
                began="adopted",
            ),
        ),
        moves=(Move(recorded=microseconds(at(0)), imported=False),),
        touched={"status": at(0)},
    )


def test_an_import_is_marked_as_one() -> None:
    assert state_after(replace(ADOPTED, origin="import")).imported


def test_adopted_work_gets_its_problem_later_and_keeps_owner_and_place() -> None:
    assert changed(ADOPTED, replace(DEFINED, owner=None, outcome=None)) == {
        "title": "Support load",
        "problem": "Customers wait",
        "segments": ("new",),
        "approach": "answers",
        "defined_at": at(1),
        "defined_by": FIRST + 1,
        "edited": {"paula": FIRST + 1},
    }


def test_reframing_changes_the_fields_that_it_names() -> None:
    event = replace(REFRAMED, problem="Customers repeat themselves", segments=())
    assert changed(DEFINED, by("dan", event)) == {
        "problem": "Customers repeat themselves",
        "segments": (),
        "edited": {"paula": FIRST, "dan": FIRST + 1},
    }


def test_reframing_may_change_title_and_approach_alone() -> None:
    assert changed(DEFINED, replace(REFRAMED, title="Load")) == {
        "title": "Load",
        "edited": {"paula": FIRST + 1},
    }
    assert changed(DEFINED, replace(REFRAMED, approach="rules")) == {
        "approach": "rules",
        "edited": {"paula": FIRST + 1},
    }


def test_a_further_outcome_comes_after_the_first() -> None:
    aht = Outcome(metric="aht", unit="min", baseline=None, target=-30, relative=True, by=None)
    assert changed(DEFINED, OutcomeTargeted(outcome=aht)) == {
        "outcomes": {
            "csat": outcome_state(CSAT, position=FIRST),
            "aht": outcome_state(aht, position=FIRST + 1),
        },
        "edited": {"paula": FIRST + 1},
    }
    first = state_after(DEFINED, OutcomeTargeted(outcome=aht)).first_outcome
    assert first is not None
    assert first.metric == "csat"


def test_a_new_target_replaces_the_old_and_keeps_place_and_measurements() -> None:
    aht = Outcome(metric="aht", unit="min", baseline=None, target=5, relative=False, by=None)
    harder = replace(CSAT, target=90)
    state = state_after(DEFINED, OutcomeTargeted(outcome=aht), measured(75), OutcomeTargeted(outcome=harder))
    measurement = Measurement(position=FIRST + 2, at=at(2), value=75, sample=None, evidence=None)
    assert list(state.outcomes) == ["csat", "aht"]
    assert state.outcomes["csat"] == outcome_state(harder, position=FIRST + 3, measurements=(measurement,))


def test_measurements_stand_in_time_order_and_ties_in_log_order() -> None:
    state = state_after(
        DEFINED,
        by("paula", measured(3), at=at(5)),
        by("paula", measured(1), at=at(2)),
        by("paula", measured(4), at=at(5)),
        by("paula", measured(2), at=at(2)),
        by("paula", measured(5), at=at(9)),
    )
    assert [each.value for each in state.outcomes["csat"].measurements] == [1, 2, 3, 4, 5]
    assert state.outcomes["csat"].latest == 5


def test_a_measurement_says_its_sample_and_evidence() -> None:
    event = OutcomeMeasured(metric="csat", value=71.5, sample=40, evidence="D1")
    measurement = Measurement(position=FIRST + 1, at=at(1), value=71.5, sample=40, evidence="D1")
    assert changed(DEFINED, event) == {
        "outcomes": {"csat": outcome_state(CSAT, position=FIRST, measurements=(measurement,))}
    }


def test_a_metric_that_nobody_asked_for_changes_nothing() -> None:
    assert changed(DEFINED, measured(1, metric="nps")) == {}


def test_owner_and_place_are_the_latest() -> None:
    assert changed(DEFINED, OwnerChanged(owner="dan")) == {"owner": "dan"}
    assert changed(DEFINED, InitiativePlaced(horizon="next", rank=2)) == {"horizon": "next", "rank": 2}
    assert changed(
        DEFINED, InitiativePlaced(horizon="next", rank=2), InitiativePlaced(horizon="now", rank=None)
    ) == {"horizon": "now", "rank": None}


def test_dependencies_are_added_once_and_removed() -> None:
    on_2, on_3 = DependencyAdded(on="SUP-2"), DependencyAdded(on="SUP-3")
    assert changed(DEFINED, on_2) == {"dependencies": ("SUP-2",)}
    assert changed(DEFINED, on_2, on_3) == {"dependencies": ("SUP-2", "SUP-3")}
    assert changed(DEFINED, on_2, on_2) == {}
    assert changed(DEFINED, on_2, on_3, DependencyRemoved(on="SUP-2")) == {"dependencies": ("SUP-3",)}


def test_the_classification_is_the_latest() -> None:
    event = PurposeClassified(
        purpose="answers", affected="customers", risk_class="limited", our_role="deployer", basis="Article 50"
    )
    assert changed(DEFINED, event) == {
        "classification": Classification(
            position=FIRST + 1,
            purpose="answers",
            affected="customers",
            risk_class="limited",
            our_role="deployer",
            basis="Article 50",
        )
    }


def test_the_expectation_is_the_latest() -> None:
    event = ExpectationSet(
        iterations_from=3, iterations_to=5, outcome_from=75, outcome_to=82, told=("compliance",)
    )
    assert changed(DEFINED, event) == {
        "expectation": Expectation(
            position=FIRST + 1,
            iterations_from=3,
            iterations_to=5,
            outcome_from=75,
            outcome_to=82,
            told=("compliance",),
        )
    }


def test_a_consulted_role_was_heard_at_the_latest_time_however_late_it_is_recorded() -> None:
    said = StakeholderConsulted(role="compliance", said="fine so far")
    once = ("compliance", at(1))
    assert changed(DEFINED, said) == {"heard": {"compliance": at(1)}, "consulted": (once,)}
    earlier = by("paula", said, at=at(0))
    assert changed(DEFINED, said, earlier) == {"consulted": (once, ("compliance", at(0)))}
