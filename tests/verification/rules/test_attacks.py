"""What is recorded past the rules, hashes and all, is found by its position; what keeps them passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from roadlog.domain import subject
from roadlog.domain.commands import (
    AddDependency,
    AddNote,
    AddStakeholder,
    AdvanceMilestone,
    AnswerConsent,
    Approve,
    GrantRole,
    MeasureOutcome,
    PauseWork,
    RecordResult,
    ReframeProblem,
    Reject,
    SetCriterion,
)
from roadlog.domain.events import (
    BreakGlassReviewed,
    ConsentGiven,
    ConsentRequested,
    CriterionSet,
    DependencyAdded,
    GateWaived,
    InitiativeAdopted,
    MilestoneAdvanced,
    MilestoneReturned,
    NoteAdded,
    OwnerChanged,
    ProblemDefined,
    RecordVoided,
    ResultRecorded,
    RiskLogged,
    RoleGranted,
    Satisfied,
    StakeholderApproved,
    StakeholderConsulted,
    StakeholderJoined,
    WorkflowAdopted,
)
from roadlog.domain.evolve import fold
from roadlog.domain.moments import EARLIEST
from roadlog.domain.records import Actor
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition, digest_of
from tests.domain.spec import built_in, with_policy
from tests.stores import MINUTE, PROBLEM, Store, team_store
from tests.verification.rules.forging import IMPORT, LONG_AGO, forge, problems

NOTED = NoteAdded(text="It hurt before, too")
MIA = StakeholderJoined(
    stakeholder="mia", kind="human", roles=("compliance",), name_commitment=None, address_commitment=None
)
Attack = Callable[[Store], int]
"""Does what is lawful, then forges a record; its position."""

ATTACKS: list[Any] = []
"""Each attack with the workflow, the rule that it breaks, and what is said of it."""


def attack(rule: str, saying: str = "", *, workflow: str = "open") -> Callable[[Attack], Attack]:
    def kept(found: Attack) -> Attack:
        ATTACKS.append(pytest.param(found, rule, saying, workflow, id=found.__name__))
        return found

    return kept


def lawful(team: Store) -> None:
    """The control: what was done up to here keeps the rules."""
    assert problems(team) == []


def moved(to: str, before: str | None = "feasibility", **fields: Any) -> MilestoneAdvanced:
    usual: dict[str, Any] = {"cycle": 1, "iteration": 1, "visit": 1, "break_glass": False, "gate": ()}
    return MilestoneAdvanced(from_=before, to=to, **{**usual, **fields})


def met(milestone: str | None, requirement: str, *by: int) -> Satisfied:
    return Satisfied(milestone=milestone, requirement=requirement, by=by, waiver=None, met=True)


def approved(team: Store, role: str = "engineering", **fields: Any) -> StakeholderApproved:
    """An approval of what stands there now."""
    state = fold(each for each in team.records() if each.stream == "SUP-1")
    workflow = fold_roadmap(each for each in team.records() if each.stream == "SUP").workflow
    assert workflow is not None
    shown = subject.content(state, workflow, state.milestone)
    usual: dict[str, Any] = {
        "milestone": state.milestone,
        "role": role,
        "subject": subject.digest_of(shown),
        "shown": subject.parts_of(shown),
        "statement": None,
        "conditions": (),
        "valid_until": None,
        "signature": None,
    }
    return StakeholderApproved(**{**usual, **fields})


def begun(team: Store, workflow: str = "open") -> None:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    lawful(team)


def at_a_gate(team: Store) -> None:
    """Under a workflow whose only gate asks for engineering's approval, to leave feasibility."""
    begun(team)


def asking() -> Workflow:
    """`open`, but to leave feasibility engineering approves."""
    workflow = built_in("open")
    first = replace(workflow.milestones[0], requires=("approval:engineering",))
    return replace(workflow, name="asking", milestones=(first, *workflow.milestones[1:]))


# Rule 1: problem first


@attack("problem-first", "“Use GPT-4” proposes a technology", workflow="lite")
def a_problem_that_proposes_a_technology(team: Store) -> int:
    lawful(team)
    defined = ProblemDefined(
        key="SUP-1",
        title="Use GPT-4",
        problem="We need to use GPT-4",
        outcome=None,
        segments=(),
        approach=None,
        owner="paula",
        solution_words=(),
    )
    return forge(team, defined, by="paula")


@attack("gate", "metric and target are missing", workflow="lite")
def a_start_without_a_target(team: Store) -> int:
    team.do(replace(PROBLEM, metric=None, unit=None, baseline=None, target=None))
    lawful(team)
    return forge(team, moved("feasibility", None, gate=(met(None, "problem", 8),)), by="paula")


# Rule 2: forward through gates


@attack("gate", "Approval by engineering: not given yet", workflow="asking")
def a_gate_passed_that_was_not_open(team: Store) -> int:
    begun(team)
    return forge(team, moved("prototype"), by="paula")


@attack("gate", "to leave feasibility", workflow="asking")
def a_milestone_skipped(team: Store) -> int:
    begun(team)
    return forge(team, moved("training"), by="paula")


@attack("record", "iteration 1")
def a_move_that_counts_itself_wrongly(team: Store) -> int:
    begun(team)
    return forge(team, moved("prototype", iteration=2), by="paula")


@attack("finish", "nothing follows")
def a_move_beyond_the_finish(team: Store) -> int:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1", to="live"))
    lawful(team)
    return forge(team, moved("live", "live", visit=2), by="paula")


# Rule 3: back with a loop kind and a reason


def returned(to: str = "feasibility", **fields: Any) -> MilestoneReturned:
    usual: dict[str, Any] = {"loop": "learning", "learned": None, "change": None, "visit": 2}
    return MilestoneReturned(from_="feasibility", to=to, cycle=1, iteration=2, **{**usual, **fields})


@attack("command", "what a command records")
def a_return_without_a_loop_kind(team: Store) -> int:
    begun(team)
    return forge(team, returned(loop=None), by="paula")


@attack("reason", "needs a reason")
def a_return_without_a_reason(team: Store) -> int:
    begun(team)
    return forge(team, returned(), by="paula", reason=None)


@attack("backward", "Advance there")
def a_return_that_leads_ahead(team: Store) -> int:
    begun(team)
    return forge(team, returned("training", visit=1), by="paula")


# Rule 4: what waits takes no moves


@attack("paused", "SUP-1 is paused")
def a_move_of_paused_work(team: Store) -> int:
    begun(team)
    team.do(PauseWork(stream="SUP-1"))
    lawful(team)
    return forge(team, moved("prototype"), by="paula")


# Rule 5: votes


@attack("role", "dan (data-science) does not hold the role engineering")
def a_vote_without_the_role(team: Store) -> int:
    begun(team)
    return forge(team, approved(team), by="dan")


@attack("actor", "dan (human) with data-science")
def a_vote_with_a_role_that_is_only_claimed(team: Store) -> int:
    begun(team)
    claimed = Actor(id="dan", kind="human", assurance="asserted", roles=("engineering",))
    return forge(team, approved(team), by="dan", actor=claimed)


@attack("record", "subject")
def a_vote_on_what_was_never_shown(team: Store) -> int:
    begun(team)
    return forge(team, approved(team, subject="0" * 64), by="erin")


def gate_passed_on(position: int) -> MilestoneAdvanced:
    return moved("prototype", gate=(met("feasibility", "approval:engineering", position),))


@attack("gate", "record 11 does not count: erin is the owner", workflow="asking")
def a_gate_passed_on_the_owners_own_approval(team: Store) -> int:
    team.do(AddStakeholder(stakeholder="olga", roles=("engineering",)))
    team.do(replace(PROBLEM, owner="erin"))
    team.do(AdvanceMilestone(stream="SUP-1"))
    vote = team.do(Approve(stream="SUP-1", role="engineering"), by="erin").records[0].position
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula")


@attack("gate", "does not count: expired on 2026-03-03", workflow="asking")
def a_gate_passed_on_an_approval_that_expired(team: Store) -> int:
    begun(team)
    vote = team.do(Approve(stream="SUP-1", role="engineering", valid_days=1), by="erin").records[0].position
    team.clock.tick(timedelta(days=2))
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula")


@attack("gate", "does not count: problem changed", workflow="asking")
def a_gate_passed_on_an_approval_of_something_else(team: Store) -> int:
    begun(team)
    vote = team.do(Approve(stream="SUP-1", role="engineering"), by="erin").records[0].position
    team.do(ReframeProblem(stream="SUP-1", problem="Customers wait for an hour"))
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula")


@attack("gate", "is no human (agent)", workflow="asking")
def a_gate_passed_on_the_approval_of_an_agent(team: Store) -> int:
    begun(team)
    team.do(AddStakeholder(stakeholder="bot", roles=("engineering",), kind="agent"))
    vote = team.do(Approve(stream="SUP-1", role="engineering"), by="bot").records[0].position
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula")


@attack("gate", "rejected by erin", workflow="asking")
def a_gate_passed_on_an_approval_that_was_taken_back(team: Store) -> int:
    begun(team)
    vote = team.do(Approve(stream="SUP-1", role="engineering"), by="erin").records[0].position
    team.do(Reject(stream="SUP-1", role="engineering"), by="erin")
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula")


# Rule 6: results


def result(**fields: Any) -> ResultRecorded:
    usual: dict[str, Any] = {
        "criterion": "f1",
        "value": 0.5,
        "sample": None,
        "low": None,
        "high": None,
        "evidence": None,
        "verdict": "missed",
    }
    return ResultRecorded(**{**usual, **fields})


CRITERION = SetCriterion(
    stream="SUP-1", criterion="f1", milestone="training", metric="f1", operator=">=", threshold=0.8
)


@attack("unknown-criterion", "There is no criterion 'f1'")
def a_result_before_its_criterion(team: Store) -> int:
    begun(team)
    return forge(team, result(), by="dan")


@attack("record", "verdict missed")
def a_result_that_was_missed_and_says_met(team: Store) -> int:
    begun(team)
    team.do(CRITERION)
    lawful(team)
    return forge(team, result(verdict="met"), by="dan")


@attack("threshold-moved", "has a result already")
def a_threshold_moved_after_its_result_without_a_reason(team: Store) -> int:
    begun(team)
    team.do(CRITERION)
    team.do(RecordResult(stream="SUP-1", criterion="f1", value=0.7))
    lawful(team)
    lower = CriterionSet(
        criterion="f1",
        milestone="training",
        metric="f1",
        operator=">=",
        threshold=0.6,
        segment=None,
        dataset=None,
    )
    return forge(team, lower, by="dan", reason=None)


# Rule 7: going live


@attack("gate", "Fallback: none defined yet", workflow="lite")
def live_without_a_fallback(team: Store) -> int:
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    team.do(AdvanceMilestone(stream="SUP-1", to="experimentation"))
    lawful(team)
    gate = tuple(met("experimentation", each, 9) for each in ("fallback", "notice", "edge-cases"))
    return forge(team, moved("live", "experimentation", gate=gate), by="paula")


# Rule 8: time


@attack("consent", "more than 7 days before it was typed")
def an_old_note_without_consent(team: Store) -> int:
    begun(team)
    return forge(team, NOTED, by="dan", at=team.now - timedelta(minutes=1) - LONG_AGO)


@attack("backdating", "is given when it is given")
def an_old_vote(team: Store) -> int:
    team.clock.tick(LONG_AGO)
    team.do(replace(PROBLEM), at=team.now)
    team.clock.tick(LONG_AGO)
    lawful(team)
    return forge(team, approved(team), by="erin", at=team.now - timedelta(days=20))


@attack("future", "lies in the future")
def a_note_from_the_future(team: Store) -> int:
    begun(team)
    return forge(team, NOTED, by="dan", at=team.now + timedelta(days=1))


@attack("before-all-times", "is before all times")
def a_note_from_before_all_calendars(team: Store) -> int:
    begun(team)
    return forge(team, NOTED, by="dan", at=EARLIEST - timedelta(seconds=1))


@attack("order", "would precede the latest record of its subject (status)")
def a_move_before_the_last_one(team: Store) -> int:
    begun(team)
    last = team.records()[-1].effective_at
    team.clock.tick(timedelta(hours=1))
    return forge(team, moved("prototype"), by="paula", at=last - timedelta(seconds=30))


@attack("gate", "as it stood at", workflow="asking")
def a_move_before_the_approval_that_it_rests_on(team: Store) -> int:
    begun(team)
    before = team.now
    team.clock.tick(timedelta(hours=1))
    vote = team.do(Approve(stream="SUP-1", role="engineering"), by="erin").records[0].position
    team.clock.tick(timedelta(hours=1))
    lawful(team)
    return forge(team, gate_passed_on(vote), by="paula", at=before + timedelta(minutes=1))


# Rule 9: break-glass


@attack("authority", "may not break glass", workflow="asking")
def glass_broken_without_the_role(team: Store) -> int:
    begun(team)
    line = replace(met("feasibility", "approval:engineering"), met=False)
    return forge(team, moved("prototype", break_glass=True, gate=(line,)), by="dan")


@attack("review", "another person must review it", workflow="asking")
def glass_broken_and_reviewed_by_the_same_person(team: Store) -> int:
    begun(team)
    move = team.do(AdvanceMilestone(stream="SUP-1", break_glass=True)).records[0].position
    lawful(team)
    return forge(team, BreakGlassReviewed(move=move, upheld=True), by="paula")


# Rule 10: authority


@attack("actor", "'mallory' is no stakeholder of SUP")
def somebody_who_was_never_enrolled(team: Store) -> int:
    begun(team)
    return forge(team, NOTED, by="mallory")


@attack("authority", "dan (data-science) may not enrol mia")
def an_enrolment_by_who_may_not(team: Store) -> int:
    begun(team)
    return forge(team, MIA, by="dan")


@attack("authority", "may not grant compliance")
def a_role_for_oneself(team: Store) -> int:
    begun(team)
    return forge(team, RoleGranted(stakeholder="dan", role="compliance"), by="dan")


def adopted(workflow: Workflow) -> WorkflowAdopted:
    content = definition(workflow)
    return WorkflowAdopted(
        name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
    )


@attack("authority", "may not adopt a workflow")
def a_workflow_adopted_by_who_may_not(team: Store) -> int:
    begun(team)
    return forge(team, adopted(replace(built_in("lite"), version=2)), by="dan")


@attack("milestone-in-use", "drops feasibility (in use by SUP-1)")
def a_workflow_that_drops_a_milestone_in_use(team: Store) -> int:
    begun(team)
    workflow = built_in("open")
    fewer = replace(workflow, version=2, milestones=workflow.milestones[1:], start=workflow.order[1])
    return forge(team, adopted(fewer), by="paula")


@attack("record", "a workflow")
def a_workflow_under_a_false_digest(team: Store) -> int:
    begun(team)
    return forge(team, replace(adopted(built_in("lite")), digest="0" * 64), by="paula")


@attack("workflow", "which is in force")
def a_record_under_another_workflow(team: Store) -> int:
    begun(team)
    return forge(team, NOTED, by="dan", workflow="0" * 64)


@attack("owner", "an owner never waives an approval", workflow="asking")
def an_approval_waived_by_the_owner(team: Store) -> int:
    begun(team)
    waived = GateWaived(
        milestone="feasibility", requirement="approval:engineering", until=team.now + timedelta(days=9)
    )
    return forge(team, waived, by="paula")


@attack("unknown-stakeholder", "There is no stakeholder 'mallory'")
def an_owner_who_is_nobody(team: Store) -> int:
    begun(team)
    return forge(team, OwnerChanged(owner="mallory"), by="paula")


@attack("record", "risk R1")
def a_number_that_was_not_next(team: Store) -> int:
    begun(team)
    risk = RiskLogged(
        risk="R7",
        category="bias",
        description="Favours some",
        likelihood=2,
        impact=2,
        owner=None,
        catalogue=None,
    )
    return forge(team, risk, by="dan")


@attack("dependency", "would wait for each other")
def two_that_wait_for_each_other(team: Store) -> int:
    begun(team)
    team.define()
    team.do(AddDependency(stream="SUP-2", on="SUP-1"))
    lawful(team)
    return forge(team, DependencyAdded(on="SUP-2"), by="paula")


@attack("unknown-initiative", "There is no initiative 'SUP-9'")
def a_dependency_on_nothing(team: Store) -> int:
    begun(team)
    return forge(team, DependencyAdded(on="SUP-9"), by="paula")


# Rule 11: consent


def waiting(team: Store) -> int:
    """dan asked for an old note; the request's position."""
    begun(team)
    note = AddNote(stream="SUP-1", text=NOTED.text)
    request = team.do(note, by="dan", at=team.now - timedelta(seconds=30)).records[0]
    assert isinstance(request.event, ConsentRequested)
    lawful(team)
    return request.position


@attack("consent", "waits for another person than the one who asked", workflow="strict")
def a_consent_to_ones_own_wish(team: Store) -> int:
    return forge(team, ConsentGiven(request=waiting(team)), by="dan")


@attack("consent-answered", "was answered already", workflow="strict")
def a_consent_given_twice(team: Store) -> int:
    request = waiting(team)
    team.do(AnswerConsent(request=request, give=False), by="carla")
    lawful(team)
    return forge(team, ConsentGiven(request=request), by="erin")


@attack("consent", "It is dan's, and voiding another's record takes a second person")
def anothers_record_voided_without_consent(team: Store) -> int:
    begun(team)
    measured = MeasureOutcome(stream="SUP-1", metric="tickets", value=9)
    position = team.do(measured, by="dan").records[0].position
    lawful(team)
    return forge(team, RecordVoided(position=position), by="carla")


@attack("authority", "may not void a record of dan")
def anothers_record_voided_without_the_role(team: Store) -> int:
    begun(team)
    measured = MeasureOutcome(stream="SUP-1", metric="tickets", value=9)
    position = team.do(measured, by="dan").records[0].position
    lawful(team)
    return forge(team, RecordVoided(position=position), by="otto")


@attack("consent", "more than 7 days before it was typed", workflow="open")
def a_consent_to_what_was_never_asked(team: Store) -> int:
    """Consented to in one step, but said by another than who asked."""
    begun(team)
    note = AddNote(stream="SUP-1", text=NOTED.text)
    at = team.now - LONG_AGO
    request = team.do(note, by="dan", at=at).records[0].position
    lawful(team)
    return 1 + forge(team, ConsentGiven(request=request), NOTED, by="carla", last_at=at)


@attack("consent", "a note, which was consented to", workflow="strict")
def a_consent_of_which_nothing_came(team: Store) -> int:
    return forge(team, ConsentGiven(request=waiting(team)), by="carla")


@attack("consent", "a grant of a role, which was consented to", workflow="strict")
def a_consent_to_a_role_of_which_nothing_came(team: Store) -> int:
    grant = GrantRole(stakeholder="otto", role="product")
    request = team.do(grant, at=team.now).records[0]
    lawful(team)
    return forge(team, ConsentGiven(request=request.position), by="carla")


@attack("void", "is never voided")
def a_move_voided(team: Store) -> int:
    begun(team)
    return forge(team, RecordVoided(position=team.records()[-1].position), by="paula")


@attack("record", "why It happened")
def a_request_that_says_something_else_to_who_consents(team: Store) -> int:
    begun(team)
    at = team.now - LONG_AGO
    asked = ConsentRequested(
        command="AddNote",
        arguments={"stream": "SUP-1", "text": NOTED.text},
        stream="SUP-1",
        at=at,
        why="Nothing to worry about.",
    )
    team.clock.tick(MINUTE)
    return forge(team, replace(asked, at=team.now - LONG_AGO), by="dan")


@attack("command", "what a command records")
def a_request_about_an_initiative_that_is_not_there(team: Store) -> int:
    begun(team)
    asked = ConsentRequested(
        command="AddNote", arguments={"text": "x"}, stream="SUP-9", at=team.now - LONG_AGO, why=""
    )
    return forge(team, asked, by="dan")


# Rule 12: buy-in


@attack("role", "cannot speak for it")
def a_role_that_spoke_through_somebody_else(team: Store) -> int:
    begun(team)
    return forge(team, StakeholderConsulted(role="engineering", said="Fine"), by="dan")


# Imports


@attack("authority", "dan (data-science) may not enrol mia")
def an_enrolment_that_says_it_was_imported(team: Store) -> int:
    begun(team)
    return forge(team, MIA, by="dan", imported=IMPORT)


@attack("import", "moves without gates")
def an_approval_that_says_it_was_imported(team: Store) -> int:
    begun(team)
    return forge(team, approved(team), by="erin", imported=IMPORT)


@attack("import", "moves without gates")
def a_gate_that_says_it_was_imported(team: Store) -> int:
    begun(team)
    return forge(team, gate_passed_on(9), by="paula", imported=IMPORT)


@attack("record", "origin under-way")
def an_import_that_nobody_marked(team: Store) -> int:
    begun(team)
    imported = InitiativeAdopted(
        key="SUP-2",
        title="Older",
        milestone="training",
        since=team.now,
        owner=None,
        origin="import",
        cycle=1,
        iteration=1,
        visit=1,
    )
    return forge(team, imported, by="paula", stream="SUP-2")


WORKFLOWS: dict[str, Workflow | str] = {
    "open": "open",
    "lite": "lite",
    "asking": asking(),
    "strict": replace(with_policy(built_in("open"), max_backdate_days=0), name="strict"),
}


@pytest.mark.parametrize(("forged", "rule", "saying", "workflow"), ATTACKS)
def test_what_breaks_a_rule_is_found(
    forged: Attack, rule: str, saying: str, workflow: str, tmp_path: Path
) -> None:
    with team_store(tmp_path / ".roadlog", WORKFLOWS[workflow]) as team:
        position = forged(team)
        (found,) = problems(team)
        assert (found["position"], found["verdict"]) == (position, "rule-broken")
        assert found["expected"].startswith(f"by the rules ({rule}), "), found
        assert saying in found["expected"], found
