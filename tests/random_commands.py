"""Hypothesis strategies: wishes of a team on two initiatives, of which the rules refuse some."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from roadlog.domain.commands import (
    AcceptRisk,
    AddDependency,
    AddNote,
    AddStakeholder,
    AdoptWorkflow,
    AdvanceMilestone,
    AnswerConsent,
    Approve,
    AttachEvidence,
    BlockWork,
    ChangeOwner,
    CloseIncident,
    CloseRisk,
    Command,
    ConcludeExperiment,
    ConsultStakeholder,
    DefineFallback,
    DefineNotice,
    LogEdgeCase,
    LogRisk,
    MeasureOutcome,
    MitigateRisk,
    OpenIncident,
    PauseWork,
    PlaceInitiative,
    RecordResult,
    ReframeProblem,
    Reject,
    ReopenInitiative,
    ReopenRisk,
    RequestApproval,
    ResumeWork,
    ReturnMilestone,
    RevokeRole,
    SetCriterion,
    StartExperiment,
    StopInitiative,
    TestFallback,
    TriageEdgeCase,
    UnblockWork,
    VoidRecord,
    WaiveRequirement,
    WithdrawApproval,
)
from roadlog.domain.decisions.reliance import Voidable
from roadlog.domain.events import ConsentRequested
from roadlog.domain.refusals import Refused, RoadlogError
from roadlog.domain.workflow_file import definition
from tests.domain.spec import built_in
from tests.stores import OPENED, PROBLEM, Store

KEYS = ("SUP-1", "SUP-2")
PEOPLE = ("paula", "dan", "erin", "carla", "otto")
LATER = OPENED + timedelta(days=20)


class Wanted(Struct, frozen=True):
    """One wish: so many hours after the last, about something so many hours ago."""

    command: Command
    by: str
    hours_after: int
    hours_ago: int


def _of(command: Any, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    return st.builds(command, stream=st.sampled_from(KEYS), **fields)


TEXT = st.sampled_from(("one", "another"))
SCORE = st.integers(1, 5)
RISK = st.sampled_from(("R1", "R2"))
MILESTONE = st.sampled_from(("feasibility", "prototype", "training"))
FINISH = st.sampled_from(("prototype", "training", "live"))
"""Of a workflow that has the same name, and one of two versions, again and again."""
ROLE = st.sampled_from(("data-science", "engineering", "compliance"))


def finishing(milestone: str, version: int) -> dict[str, Any]:
    """`lite`, of which another milestone is the last."""
    return {**definition(built_in("lite")), "finish": milestone, "version": version}


FINISHING = st.builds(finishing, FINISH, st.sampled_from((1, 2)))
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    _of(AddNote, text=TEXT),
    _of(MeasureOutcome, metric=st.just("tickets"), value=st.integers(500, 900)),
    *[st.builds(VoidRecord, position=st.integers(0, 9))] * 3,
    *[st.builds(AnswerConsent, request=st.integers(0, 9), give=st.booleans())] * 2,
    *[_of(AdvanceMilestone)] * 2,
    _of(ReturnMilestone, to=MILESTONE, loop=st.sampled_from(("learning", "rework"))),
    _of(BlockWork, by=TEXT),
    _of(UnblockWork),
    _of(PauseWork),
    _of(ResumeWork),
    _of(StopInitiative),
    _of(ChangeOwner, owner=st.sampled_from(PEOPLE)),
    _of(PlaceInitiative, horizon=st.sampled_from(("now", "later"))),
    _of(AddDependency, on=st.sampled_from(KEYS)),
    _of(RequestApproval, roles=st.lists(ROLE, min_size=1, max_size=2, unique=True).map(tuple)),
    _of(Approve, role=ROLE, valid_days=st.sampled_from((None, 1, 5))),
    _of(Reject, role=ROLE),
    _of(WithdrawApproval, role=ROLE),
    _of(ConsultStakeholder, role=ROLE, said=TEXT),
    _of(LogRisk, description=TEXT, category=st.just("bias"), likelihood=SCORE, impact=SCORE),
    _of(MitigateRisk, risk=RISK, treatment=TEXT, likelihood=SCORE, impact=SCORE),
    _of(AcceptRisk, risk=RISK, until=st.just(LATER)),
    _of(AttachEvidence, kind=st.just("dataset"), title=TEXT, sha256=st.sampled_from(("a" * 64, "b" * 64))),
    _of(DefineNotice, text=TEXT, placement=st.just("above the answer")),
    _of(DefineFallback, kind=st.just("disable"), description=TEXT, trigger=TEXT),
    _of(TestFallback, passed=st.booleans()),
    _of(LogEdgeCase, description=TEXT, severity=SCORE),
    _of(
        WaiveRequirement,
        requirement=st.sampled_from(("baseline", "approval:compliance")),
        until=st.just(LATER),
    ),
    _of(ReframeProblem, title=st.sampled_from(("Answer faster", "Answer better"))),
    _of(ReopenInitiative),
    _of(AdvanceMilestone, break_glass=st.just(True)),
    _of(CloseRisk, risk=RISK),
    _of(ReopenRisk, risk=RISK),
    _of(TriageEdgeCase, case=st.just("E1"), outcome=st.just("fix")),
    _of(OpenIncident, description=TEXT, aware_at=st.just(OPENED), severity=SCORE),
    _of(CloseIncident, incident=st.just("I1")),
    _of(
        SetCriterion,
        criterion=st.just("C1"),
        milestone=MILESTONE,
        metric=st.just("accuracy"),
        operator=st.just(">="),
        threshold=st.sampled_from((0.7, 0.9)),
    ),
    _of(RecordResult, criterion=st.just("C1"), value=st.sampled_from((0.6, 0.8))),
    _of(
        StartExperiment,
        experiment=st.just("X1"),
        hypothesis=TEXT,
        metric=st.just("tickets"),
        variants=st.just(("a", "b")),
    ),
    _of(ConcludeExperiment, experiment=st.just("X1"), decision=st.just("iterate"), summary=TEXT),
    *[
        st.builds(
            AdoptWorkflow,
            stream=st.just("SUP"),
            definition=st.builds(finishing, FINISH, st.sampled_from((1, 2))),
        )
    ]
    * 2,
    st.just(PROBLEM),
    st.builds(RevokeRole, stakeholder=st.sampled_from(PEOPLE[1:]), role=ROLE),
    st.builds(AddStakeholder, stakeholder=st.sampled_from(("mia", "noa")), roles=st.tuples(ROLE)),
)
WISHES: st.SearchStrategy[Wanted] = st.builds(
    Wanted,
    command=COMMANDS,
    by=st.sampled_from(PEOPLE),
    hours_after=st.sampled_from((0, 1, 30, 200)),
    hours_ago=st.sampled_from((0, 0, 0, 1, 20, 100, 300)),
)


def play(store: Store, wishes: list[Wanted]) -> int:
    """Types the wishes; how many were not refused. Voids and consents give places among what there is."""
    done = 0
    for each in wishes:
        store.clock.tick(timedelta(hours=each.hours_after))
        meant = _meant(store, each)
        try:
            store.do(meant.command, by=meant.by, at=store.now - timedelta(hours=meant.hours_ago))
        except Refused:
            continue
        except RoadlogError as error:
            assert error.exit_code == 2, error  # noqa: PT017 (a wish about what is not there)
            continue
        done += 1
    return done


def _meant(store: Store, wish: Wanted) -> Wanted:
    """Voids are of one's own records where the place is even, of another's where it is odd."""
    match wish.command:
        case VoidRecord(position=place):
            found = [each for each in store.records() if isinstance(each.event, Voidable)]
            if not found:
                return wish
            record = found[place % len(found)]
            void = VoidRecord(stream=record.stream, position=record.position)
            return Wanted(void, wish.by if place % 2 else record.actor.id, wish.hours_after, 0)
        case AnswerConsent(request=place, give=give):
            found = [each for each in store.records() if isinstance(each.event, ConsentRequested)]
            if not found:
                return wish
            answer = AnswerConsent(request=found[place % len(found)].position, give=give)
            return Wanted(answer, wish.by, wish.hours_after, 0)
        case _:
            return wish
