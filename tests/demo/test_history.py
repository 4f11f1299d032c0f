"""The history is one that a team could have had, and shows what roadlog is for."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from roadlog.catalogues import ai_risks
from roadlog.domain.events import CATALOGUE
from tests.demo.conftest import TODAY, Played, told

MILESTONES = ["feasibility", "prototype", "training", "integration", "experimentation", "live"]
REFUSALS = 3


def _fields(played: Played, kind: str, *names: str) -> list[tuple[Any, ...]]:
    """Of each record of that type: its stream, and those fields of its event."""
    return [(each.stream, *(told(each, name) for name in names)) for each in played.of(kind)]


def test_it_is_played_to_its_end(played: Played) -> None:
    assert (played.code, played.err) == (0, "")
    assert 140 <= len(played.records) <= 170


def test_it_lasts_about_eight_months_and_ends_a_few_days_before_today(played: Played) -> None:
    times = [each.effective_at for each in played.records]
    assert times == sorted(times)
    assert timedelta(days=235) <= times[-1] - times[0] <= timedelta(days=250)
    assert timedelta(days=2) <= TODAY - times[-1] <= timedelta(days=10)


def test_people_work_on_weekdays_in_working_hours(played: Played) -> None:
    people = [each for each in played.records if each.actor.kind == "human"]
    assert {each.effective_at.weekday() for each in people} == {0, 1, 2, 3, 4}
    assert all(8 <= each.effective_at.hour < 18 for each in people)


def test_the_gaps_between_days_are_irregular(played: Played) -> None:
    days = sorted({each.effective_at.date() for each in played.records})
    gaps = {later - earlier for earlier, later in pairwise(days)}
    assert len(days) > 80
    assert len(gaps) >= 5
    assert max(gaps) <= timedelta(days=16)


def test_six_to_eight_people_act_and_every_role_is_held(played: Played) -> None:
    people = {each.actor.id: each.actor for each in played.records if each.actor.kind == "human"}
    assert set(people) == {"mara", "jonas", "devi", "tomas", "erik", "lin", "carla", "oscar"}
    roles = {role for actor in people.values() for role in actor.roles}
    assert roles == {"product", "data-science", "engineering", "compliance", "customer-ops"}


def test_both_initiatives_stand_in_every_milestone(played: Played) -> None:
    titles = _fields(played, "ProblemDefined", "title")
    assert titles == [
        ("SUP-1", "We want to reduce support load by 30 %"),
        ("SUP-2", "We want to personalize onboarding for 3 key user segments"),
    ]
    for key, _ in titles:
        entered = [each for stream, each in _fields(played, "MilestoneAdvanced", "to") if stream == key]
        assert set(entered) == set(MILESTONES)


def test_every_kind_of_loop_but_scope_happens_once(played: Played) -> None:
    assert _fields(played, "MilestoneReturned", "loop", "from_", "to") == [
        ("SUP-1", "learning", "training", "feasibility"),
        ("SUP-1", "rework", "experimentation", "integration"),
        ("SUP-2", "rejection", "experimentation", "integration"),
        ("SUP-2", "drift", "live", "training"),
    ]
    for each in played.of("MilestoneReturned"):
        assert each.body.reason
        assert told(each, "learned")
        assert told(each, "change")


def test_compliance_rejects_and_approves_after_the_change(played: Played) -> None:
    (rejection,) = played.of("StakeholderRejected")
    (loop,) = (each for each in played.of("MilestoneReturned") if told(each, "loop") == "rejection")
    assert (rejection.stream, rejection.actor.id, rejection.actor.roles) == (
        "SUP-2",
        "carla",
        ("compliance",),
    )
    approvals = [each for each in played.of("StakeholderApproved", "SUP-2") if each.actor.id == "carla"]
    assert rejection.position < loop.position < approvals[-1].position


def test_risks_come_from_the_catalogue(played: Played) -> None:
    risks = _fields(played, "RiskLogged", "catalogue", "category")
    assert len(risks) == 5
    for _, catalogue, category in risks:
        assert ai_risks.get(catalogue).category == category
    assert {category for _, _, category in risks} == {"hallucination", "bias", "privacy"}


def test_a_fallback_fails_its_test_and_passes_it_later(played: Played) -> None:
    assert _fields(played, "FallbackTested", "passed") == [
        ("SUP-1", False),
        ("SUP-1", True),
        ("SUP-1", True),
        ("SUP-2", True),
    ]
    assert len(played.of("FallbackActivated")) == len(played.of("FallbackDeactivated")) == 1


def test_one_experiment_fails_and_others_ship(played: Played) -> None:
    assert _fields(played, "ExperimentConcluded", "experiment", "decision") == [
        ("SUP-1", "answer-first", "stop"),
        ("SUP-1", "agent-drafts", "ship"),
        ("SUP-2", "own-steps", "ship"),
    ]


def test_results_come_from_files_and_are_met_missed_and_inconclusive(played: Played) -> None:
    verdicts = [verdict for _, verdict in _fields(played, "ResultRecorded", "verdict")]
    assert {each: verdicts.count(each) for each in verdicts} == {"met": 9, "missed": 3, "inconclusive": 1}
    uris = {uri for _, uri in _fields(played, "EvidenceAttached", "uri")}
    assert all((played.folder / uri).is_file() for uri in uris)
    assert uris | {"evidence/edge-cases.csv"} == {
        f"evidence/{each.name}" for each in (played.folder / "evidence").iterdir()
    }


def test_outcomes_are_measured_over_time_and_a_slip_is_taken_back(played: Played) -> None:
    values = _fields(played, "OutcomeMeasured", "value")
    assert [value for key, value in values if key == "SUP-1"] == [214, 1980, 198, 188]
    assert [value for key, value in values if key == "SUP-2"] == [52, 44]
    (void,) = played.of("RecordVoided")
    slip = next(each for each in played.records if each.position == told(void, "position"))
    assert told(slip, "value") == 1980


def test_it_shows_most_of_what_can_be_recorded(played: Played) -> None:
    seen = {each.type for each in played.records}
    assert seen >= {
        "ConditionMet",
        "EdgeCaseLogged",
        "EdgeCasesReviewed",
        "EdgeCaseTriaged",
        "ExpectationSet",
        "GateWaived",
        "IncidentClosed",
        "InitiativePlaced",
        "NoteAdded",
        "PurposeClassified",
        "RiskAccepted",
        "StakeholderConsulted",
        "StakeholderLeft",
        "WorkBlocked",
        "WorkUnblocked",
    }
    assert len(seen) >= 0.6 * len(CATALOGUE)


def test_what_rules_refuse_is_shown_and_teaches(played: Played) -> None:
    assert played.out.count("\nRefused: ") == REFUSALS
    assert "“use GPT-4” proposes a technology" in played.out
    assert "2 requirements are not met to leave feasibility" in played.out
    assert "2 requirements are not met to leave training" in played.out


def test_every_vote_that_let_a_move_through_counts(played: Played) -> None:
    """No gate is passed by break-glass, and one requirement alone is waived."""
    lines = [line for each in played.of("MilestoneAdvanced") for line in told(each, "gate")]
    assert all(line.met for line in lines)
    assert [line.requirement for line in lines if line.waiver] == ["approval:engineering"]
