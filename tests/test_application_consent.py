"""Consent (rule 11): what one person asked for takes effect when another says yes, and not before."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from roadlog.application import Application, Wish
from roadlog.domain.commands import (
    AddNote,
    AdoptInitiative,
    AnswerConsent,
    Approve,
    AttachEvidence,
    DefineNotice,
    GrantRole,
    MeasureOutcome,
    RecordResult,
    RemoveStakeholder,
    RevokeRole,
    SetCriterion,
    VoidRecord,
)
from roadlog.domain.events import ConsentGiven, ConsentRefused, ConsentRequested, NoteAdded, RecordVoided
from roadlog.domain.refusals import Refused, Unknown
from tests.stores import PROBLEM, Store

OLD_NOTE = AddNote(stream="SUP-1", text="It hurt before, too")
MONTH = timedelta(days=30)


def asked(team: Store) -> int:
    """An old note waits for consent; the request's position."""
    team.define()
    done = team.do(OLD_NOTE, by="dan", because="from my diary", at=team.now - MONTH)
    (request,) = done.records
    assert isinstance(request.event, ConsentRequested)
    assert done.initiatives["SUP-1"].notes == ()
    return request.position


def test_a_request_is_recorded_in_place_of_the_command(team: Store) -> None:
    position = asked(team)
    request = team.records()[-1]
    assert request.position == position
    assert (request.stream, request.version) == ("SUP", 8)
    assert request.effective_at == team.now
    assert isinstance(request.event, ConsentRequested)
    assert (request.event.command, request.event.stream) == ("AddNote", "SUP-1")
    assert request.event.at == team.now - timedelta(minutes=1) - MONTH
    assert "max_backdate_days" in request.event.why
    assert request.reason == "from my diary"


def test_another_s_yes_records_both_in_one_step(team: Store) -> None:
    position = asked(team)
    done = team.do(AnswerConsent(request=position, give=True), by="carla", because=None)
    given, noted = done.records
    assert given.event == ConsentGiven(request=position)
    assert noted.event == NoteAdded(text=OLD_NOTE.text)
    assert (given.actor.id, noted.actor.id) == ("carla", "dan")
    assert noted.actor.roles == ("data-science",)
    assert noted.effective_at == team.records()[position - 1].effective_at - timedelta(minutes=1) - MONTH
    assert noted.recorded_at == given.recorded_at == team.now
    assert (noted.reason, given.reason) == ("from my diary", None)
    assert noted.body.command_id == given.body.command_id
    assert done.roadmap.consents[position].answer == "given"
    assert [each.text for each in done.initiatives["SUP-1"].notes] == [OLD_NOTE.text]


def test_a_request_is_told_alike_by_who_recorded_it_and_by_who_reads_it(team: Store) -> None:
    team.define()
    link = AttachEvidence(stream="SUP-1", kind="dataset", title="Mails", sha256="a" * 64, uri="x:y", size=1)
    (request,) = team.do(link, by="dan", at=team.now - MONTH).records
    answer = AnswerConsent(request=request.position, give=True)
    said = []
    for application in (team.application, Application.open(team.folder)):
        with pytest.raises(Refused, match="waits for another person") as refused:
            application.execute(Wish(actor="dan"), answer)
        said.append(refused.value.message)
    assert said[0] == said[1]


def test_a_no_is_recorded_and_nothing_else(team: Store) -> None:
    position = asked(team)
    done = team.do(AnswerConsent(request=position, give=False), by="carla")
    assert [each.event for each in done.records] == [ConsentRefused(request=position)]
    with pytest.raises(Refused, match="refused by carla"):
        team.do(AnswerConsent(request=position, give=True), by="erin")


def test_nobody_consents_to_their_own_wish_nor_twice(team: Store) -> None:
    position = asked(team)
    with pytest.raises(Refused) as refused:
        team.do(AnswerConsent(request=position, give=True), by="dan")
    assert refused.value.rule == "consent"
    team.do(AnswerConsent(request=position, give=True), by="carla")
    with pytest.raises(Refused) as again:
        team.do(AnswerConsent(request=position, give=True), by="erin")
    assert again.value.rule == "consent-answered"
    with pytest.raises(Unknown):
        team.do(AnswerConsent(request=position + 50, give=True), by="erin")


def test_several_records_typed_at_once_do_not_wait(team: Store) -> None:
    """The result would rest on evidence that is not there before somebody said yes."""
    team.define()
    criterion = SetCriterion(
        stream="SUP-1", criterion="F1", milestone="training", metric="f1", operator=">=", threshold=0.8
    )
    team.do(criterion)
    evidence = AttachEvidence(stream="SUP-1", kind="evaluation", title="F1 of May", sha256="a" * 64)
    result = RecordResult(stream="SUP-1", criterion="F1", value=0.9, evidence="a" * 64)
    size = len(team.records())
    with pytest.raises(Refused, match="cannot wait for a second person; type them one by one") as refused:
        team.do(evidence, result, by="dan", at=team.now - MONTH)
    assert (refused.value.rule, refused.value.place) == ("consent", 0)
    assert len(team.records()) == size
    (waiting,) = team.do(evidence, by="dan", at=team.now - MONTH).records
    assert waiting.type == "ConsentRequested"


def test_a_vote_never_waits_for_another_s_yes(team: Store) -> None:
    """By then it would be about what its voter never saw: it is typed when it is given."""
    team.do(AdoptInitiative(title="Onboarding", milestone="prototype", since=team.now - 3 * MONTH))
    vote = Approve(stream="SUP-1", role="data-science")
    with pytest.raises(Refused, match="given when it is given") as refused:
        team.do(vote, by="dan", at=team.now - MONTH)
    assert refused.value.try_ == ("roadlog approve SUP-1 --role data-science",)
    assert team.do(vote, by="dan").records[0].type == "StakeholderApproved"


def test_voiding_another_s_record_takes_a_second_person(team: Store) -> None:
    team.define()
    measured = (
        team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=9), by="dan").records[0].position
    )
    void = VoidRecord(stream="SUP-1", position=measured)
    with pytest.raises(Refused) as refused:
        team.do(void, by="otto")
    assert refused.value.rule == "authority"
    asked_for = team.do(void, by="carla", because="wrong week")
    assert asked_for.initiatives["SUP-1"].outcomes["tickets"].latest == 9
    done = team.do(AnswerConsent(request=asked_for.records[0].position, give=True), by="erin")
    assert [each.event for each in done.records][1] == RecordVoided(position=measured)
    assert done.records[1].actor.id == "carla"
    assert done.initiatives["SUP-1"].outcomes["tickets"].latest is None


def test_the_wish_is_decided_anew_when_consent_is_given(team: Store) -> None:
    """Carla, who asked, no longer has the role that the policy asks for: the whole step is refused."""
    team.define()
    noted = team.do(AddNote(stream="SUP-1", text="seen"), by="dan").records[0].position
    request = team.do(VoidRecord(stream="SUP-1", position=noted), by="carla").records[0].position
    team.do(RevokeRole(stakeholder="carla", role="compliance"))
    size = len(team.records())
    answer = AnswerConsent(request=request, give=True)
    with pytest.raises(Refused) as refused:
        team.do(answer, by="erin")
    assert refused.value.rule == "authority"
    assert refused.value.try_[-1] == f"roadlog consent {request} --refuse"
    assert len(team.records()) == size
    team.do(GrantRole(stakeholder="carla", role="compliance"))
    assert len(team.do(answer, by="erin").records) == 2


def test_who_left_has_no_wishes(team: Store) -> None:
    position = asked(team)
    team.do(RemoveStakeholder(stakeholder="dan"))
    with pytest.raises(Refused) as refused:
        team.do(AnswerConsent(request=position, give=True), by="carla")
    assert refused.value.rule == "actor"


def test_what_happened_meanwhile_counts(team: Store) -> None:
    """An old notice waits; meanwhile a later one was defined, which it would come before."""
    team.do(AdoptInitiative(title="Onboarding", milestone="prototype", since=team.now - 3 * MONTH))
    notice = DefineNotice(stream="SUP-1", text="Written by a machine", placement="above the answer")
    request = team.do(notice, by="dan", at=team.now - MONTH).records[0]
    assert request.type == "ConsentRequested"
    team.do(replace(notice, text="Check it"), by="erin")
    with pytest.raises(Refused) as refused:
        team.do(AnswerConsent(request=request.position, give=True), by="carla")
    assert refused.value.rule == "order"


def test_a_new_initiative_gets_its_key_when_consent_is_given(team: Store) -> None:
    request = team.do(PROBLEM, by="dan", at=team.now - MONTH).records[0]
    assert team.define() == "SUP-1"
    done = team.do(AnswerConsent(request=request.position, give=True), by="carla")
    assert [each.stream for each in done.records] == ["SUP", "SUP-2"]
    assert getattr(done.records[1].event, "key", None) == "SUP-2"


def test_a_dry_run_of_consent_shows_what_would_take_effect(team: Store) -> None:
    position = asked(team)
    size = len(team.records())
    done = team.do(AnswerConsent(request=position, give=True), by="carla", dry_run=True)
    assert [each.type for each in done.records] == ["ConsentGiven", "NoteAdded"]
    assert len(team.records()) == size


def test_the_same_yes_again_is_the_first_result(team: Store) -> None:
    position = asked(team)
    answer = AnswerConsent(request=position, give=True)
    first = team.do(answer, by="carla", command_id="yes")
    again = team.do(answer, by="carla", command_id="yes")
    assert (again.records, again.replayed) == (first.records, True)
