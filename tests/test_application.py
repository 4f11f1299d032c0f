"""The write path: what is recorded, once, all or nothing, whoever else is writing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from roadlog import __version__
from roadlog.application import Application, Wish
from roadlog.domain.commands import (
    AddDependency,
    AddNote,
    AddStakeholder,
    AdoptInitiative,
    AdoptWorkflow,
    AdvanceMilestone,
    AttachEvidence,
    BlockWork,
    ChangeOwner,
    DefineNotice,
    DefineProblem,
    GrantRole,
    MeasureOutcome,
    RemoveDependency,
    RevokeRole,
    UnblockWork,
    VoidRecord,
    WaiveRequirement,
)
from roadlog.domain.events import NoteAdded, ProblemDefined, WorkBlocked
from roadlog.domain.refusals import Conflict, Malformed, Refused, Unknown
from roadlog.domain.workflow_file import definition
from tests.domain.spec import built_in
from tests.stores import MINUTE, OPENED, PROBLEM, Store

NOTE = AddNote(stream="SUP-1", text="seen")


def test_a_command_is_recorded_with_its_envelope(team: Store) -> None:
    before = team.records()[-1]
    done = team.do(PROBLEM, because="it hurts")
    (record,) = done.records
    assert team.records()[-1] == record
    assert (record.position, record.stream, record.version) == (before.position + 1, "SUP-1", 1)
    assert record.recorded_at == record.effective_at == done.now == OPENED + 2 * MINUTE
    assert isinstance(record.event, ProblemDefined)
    assert record.event.key == "SUP-1"
    assert record.reason == "it hurts"
    assert (record.actor.id, record.actor.kind, record.actor.assurance) == ("paula", "human", "asserted")
    assert (record.body.source.client, record.body.source.version) == ("cli", __version__)
    assert record.body.source.imported is None
    assert len(record.leaf) == 64
    assert done.initiatives["SUP-1"].title == PROBLEM.title
    assert not done.replayed
    assert not done.dry_run


def test_what_is_so_already_is_not_recorded(team: Store) -> None:
    team.define()
    size = len(team.records())
    done = team.do(ChangeOwner(stream="SUP-1", owner="paula"))
    assert done.records == ()
    assert len(team.records()) == size


def test_a_blank_reason_is_no_reason(team: Store) -> None:
    team.define()
    reasons = [team.do(NOTE, because=given).records[0].reason for given in (None, "", "  \n", " why ")]
    assert reasons == [None, None, None, " why "]


def test_the_time_given_is_the_effective_time_and_the_clock_is_the_recorded_one(team: Store) -> None:
    team.define()
    earlier = team.now - timedelta(days=2)
    (record,) = team.do(NOTE, at=earlier).records
    assert (record.effective_at, record.recorded_at) == (earlier, team.now)


def test_a_time_without_offset_is_malformed(team: Store) -> None:
    team.define()
    naive = team.now.replace(tzinfo=None)
    with pytest.raises(Malformed, match="no offset"):
        team.do(NOTE, at=naive)
    with pytest.raises(Malformed, match="no offset"):
        team.do(WaiveRequirement(stream="SUP-1", requirement="problem", until=naive))


def test_roles_are_those_of_that_moment(team: Store) -> None:
    team.define()
    team.do(GrantRole(stakeholder="dan", role="product"))
    first = team.do(NOTE, by="dan").records[0]
    team.do(RevokeRole(stakeholder="dan", role="data-science"))
    second = team.do(NOTE, by="dan").records[0]
    assert first.actor.roles == ("data-science", "product")
    assert second.actor.roles == ("product",)
    assert team.records()[first.position - 1].actor.roles == ("data-science", "product")


def test_a_role_granted_in_the_same_step_is_held_in_its_later_records(team: Store) -> None:
    team.define()
    granted, noted = team.do(GrantRole(stakeholder="paula", role="engineering"), NOTE).records
    assert granted.actor.roles == ("product",)
    assert noted.actor.roles == ("product", "engineering")


def test_the_workflow_in_force_stands_in_the_envelope(team: Store) -> None:
    first = team.do(PROBLEM).records[0]
    adopted = team.do(AdoptWorkflow(definition=definition(built_in("lite")))).records[0]
    second = team.do(NOTE).records[0]
    assert adopted.body.workflow == first.body.workflow
    assert second.body.workflow == getattr(adopted.event, "digest", None)
    assert second.body.workflow != first.body.workflow


def test_every_record_has_its_own_salt_and_a_command_one_id(team: Store) -> None:
    team.define()
    records = team.do(NOTE, NOTE, NOTE).records
    assert len({each.body.salt for each in team.records()}) == len(team.records())
    assert all(len(each.body.salt) == 32 for each in records)
    assert len({each.body.command_id for each in records}) == 1
    assert records[0].body.command_id != team.do(NOTE).records[0].body.command_id


# Several commands at once


def test_several_commands_are_decided_one_after_the_other(team: Store) -> None:
    done = team.do(PROBLEM, NOTE, BlockWork(stream="SUP-1", by="no data"), UnblockWork(stream="SUP-1"))
    assert [(each.stream, each.version) for each in done.records] == [("SUP-1", n) for n in (1, 2, 3, 4)]
    assert [each.position for each in done.records] == [8, 9, 10, 11]
    assert done.initiatives["SUP-1"].blocked_by is None


def test_several_commands_are_recorded_together_or_not_at_all(team: Store) -> None:
    team.define()
    size = len(team.records())
    with pytest.raises(Refused) as refused:
        team.do(
            NOTE, BlockWork(stream="SUP-1", by="no data"), BlockWork(stream="SUP-1", by="x"), NOTE, by="nn"
        )
    assert refused.value.place == 0
    with pytest.raises(Unknown) as unknown:
        team.do(NOTE, NOTE, VoidRecord(stream="SUP-1", position=99))
    assert unknown.value.place == 2
    assert len(team.records()) == size


def test_two_new_initiatives_in_one_step_get_two_keys(team: Store) -> None:
    done = team.do(PROBLEM, PROBLEM)
    assert [each.stream for each in done.records] == ["SUP-1", "SUP-2"]
    assert team.define() == "SUP-3"


# Command ids


def test_the_same_command_id_gives_the_first_result(team: Store) -> None:
    team.define()
    first = team.do(NOTE, command_id="c-1")
    team.do(NOTE)
    size = len(team.records())
    again = team.do(NOTE, command_id="c-1")
    assert (again.records, again.replayed) == (first.records, True)
    assert again.initiatives["SUP-1"].version == 3
    assert len(team.records()) == size


def test_the_clock_is_not_content(team: Store) -> None:
    team.define()
    typed = {"command": "note", "text": "seen", "at": "yesterday"}
    first = team.do(NOTE, typed=typed, command_id="c-1", at=team.now - timedelta(days=1))
    team.clock.tick(timedelta(days=3))
    again = team.do(NOTE, typed=typed, command_id="c-1", at=team.now - timedelta(days=1))
    assert again.records == first.records


def test_a_command_id_is_not_reused_for_other_content(team: Store) -> None:
    team.define()
    team.do(NOTE, command_id="c-1")
    size = len(team.records())
    other = AddNote(stream="SUP-1", text="seen again")
    wishes: list[Callable[[], object]] = [
        lambda: team.do(other, command_id="c-1"),
        lambda: team.do(NOTE, command_id="c-1", by="dan"),
        lambda: team.do(NOTE, command_id="c-1", because="another"),
        lambda: team.do(NOTE, NOTE, command_id="c-1"),
        lambda: team.do(NOTE, command_id="c-1", typed={"text": "seen"}),
    ]
    for wish in wishes:
        with pytest.raises(Conflict) as conflict:
            wish()
        assert (conflict.value.rule, conflict.value.exit_code) == ("command-reused", 3)
    assert len(team.records()) == size


def test_a_command_that_recorded_nothing_is_remembered_too(team: Store) -> None:
    team.define()
    assert team.do(ChangeOwner(stream="SUP-1", owner="paula"), command_id="c-1").records == ()
    team.do(ChangeOwner(stream="SUP-1", owner="dan"))
    again = team.do(ChangeOwner(stream="SUP-1", owner="paula"), command_id="c-1")
    assert (again.records, again.replayed) == ((), True)
    assert again.roadmap.key == "SUP"


def test_a_refused_command_leaves_its_id_free(team: Store) -> None:
    team.define()
    with pytest.raises(Refused):
        team.do(NOTE, by="nobody", command_id="c-1")
    assert not team.do(NOTE, command_id="c-1").replayed


@pytest.mark.parametrize("given", ["", " ", "a\x1bb", "\ud800", "x" * 20_000])
def test_a_command_id_is_readable(team: Store, given: str) -> None:
    team.define()
    with pytest.raises(Malformed) as malformed:
        team.do(NOTE, command_id=given)
    assert malformed.value.rule == "malformed-command-id"


def test_lone_surrogates_are_malformed_wherever_they_stand(team: Store) -> None:
    team.define()
    with pytest.raises(Malformed, match="lone surrogate"):
        team.do(AddNote(stream="SUP-1", text="a\udcffb"), command_id="c-1")
    with pytest.raises(Malformed, match="lone surrogate"):
        team.do(NOTE, because="a\udcffb")


def test_what_a_command_id_did_can_be_asked_for(team: Store) -> None:
    team.define()
    typed = {"command": "note"}
    wish = Wish(actor="paula", typed=typed, command_id="c-1")
    assert team.application.recorded_before(wish) is None
    first = team.do(NOTE, typed=typed, command_id="c-1")
    found = team.application.recorded_before(wish)
    assert found is not None
    assert found.records == first.records
    with pytest.raises(Conflict):
        team.application.recorded_before(Wish(actor="dan", typed=typed, command_id="c-1"))


# Versions and conflicts


def test_an_expected_version_is_the_one_that_must_be_there(team: Store) -> None:
    team.define()
    assert team.do(NOTE, expect_version=1).records[0].version == 2
    with pytest.raises(Conflict) as conflict:
        team.do(NOTE, expect_version=1)
    assert (conflict.value.rule, conflict.value.exit_code) == ("conflict", 3)
    assert conflict.value.message.startswith("SUP-1 is at version 2, not 1")
    with pytest.raises(Unknown):
        team.do(AddNote(stream="SUP-9", text="seen"), expect_version=4)


def test_a_new_initiative_is_expected_at_version_nought(team: Store) -> None:
    assert team.do(PROBLEM, expect_version=0).records[0].stream == "SUP-1"
    with pytest.raises(Conflict, match="SUP-2 is at version 0, not 3"):
        team.do(PROBLEM, expect_version=3)


def test_the_roadmap_has_a_version_too(team: Store) -> None:
    grant = GrantRole(stakeholder="dan", role="product")
    with pytest.raises(Conflict, match="SUP is at version 7, not 6"):
        team.do(grant, expect_version=6)
    assert team.do(grant, expect_version=7).records[0].version == 8


def test_who_recorded_first_is_taken_into_account(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other blocks the work between our decision and our append: we decide again, and are refused."""
    team.define()
    team.do(AttachEvidence(stream="SUP-1", kind="dataset", title="Tickets", sha256="a" * 64))
    _between_decision_and_append(team, monkeypatch, BlockWork(stream="SUP-1", by="no data"))
    with pytest.raises(Refused) as refused:
        team.do(AdvanceMilestone(stream="SUP-1"))
    assert refused.value.rule == "blocked"
    assert team.records()[-1].type == "WorkBlocked"


def test_a_decision_is_taken_again_until_it_holds(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team.define()
    _between_decision_and_append(team, monkeypatch, NOTE, NOTE)
    (record,) = team.do(BlockWork(stream="SUP-1", by="no data")).records
    assert record.version == 4
    assert [each.type for each in team.records()[-3:]] == ["NoteAdded", "NoteAdded", "WorkBlocked"]


def test_a_role_revoked_meanwhile_is_a_conflict_and_then_a_refusal(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roadmap's stream was only read, and its version is checked all the same."""
    team.define()
    team.do(GrantRole(stakeholder="dan", role="product"))
    _between_decision_and_append(team, monkeypatch, RevokeRole(stakeholder="dan", role="product"))
    with pytest.raises(Refused) as refused:
        team.do(AddStakeholder(stakeholder="mia", roles=()), by="dan")
    assert refused.value.rule == "authority"


def test_two_writers_number_initiatives_without_gaps(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _between_decision_and_append(team, monkeypatch, PROBLEM, PROBLEM)
    assert team.define() == "SUP-3"
    assert [each.stream for each in team.records()[7:]] == ["SUP-1", "SUP-2", "SUP-3"]


def test_an_initiative_that_begins_while_a_workflow_is_adopted_counts(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody stood in the milestone that goes away when it was looked at; the next new key was free."""
    shorter = definition(built_in("open"))
    shorter |= {"name": "short", "finish": "experimentation"}
    shorter["milestones"] = [each for each in shorter["milestones"] if each["id"] != "live"]
    adopted = AdoptInitiative(stream="", title="Chat answers", milestone="live", since=OPENED)
    _between_decision_and_append(team, monkeypatch, adopted)
    with pytest.raises(Refused) as refused:
        team.do(AdoptWorkflow(stream="SUP", definition=shorter))
    assert "live (in use by SUP-1)" in refused.value.message


def test_states_are_those_that_stand_in_the_log_whoever_came_between(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's note is in another stream, so nothing is decided again: only the positions differ."""
    team.define()
    team.define()
    _between_decision_and_append(team, monkeypatch, AddNote(stream="SUP-2", text="first"))
    done = team.do(AdvanceMilestone(stream="SUP-1", break_glass=True))
    assert [each.stream for each in team.records()[-2:]] == ["SUP-2", "SUP-1"]
    with Application.open(team.folder) as fresh:
        assert done.initiatives["SUP-1"] == fresh.initiative("SUP-1")


def test_a_key_that_is_taken_while_it_is_looked_for_is_no_refusal(
    team: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was free when it was looked for, and is another's when it is read: the next one is taken."""
    log = team.application._log
    version = log.version

    def before_the_other(stream: str) -> int:
        found = version(stream)
        if not found:
            monkeypatch.setattr(log, "version", version)
            with Application.open(team.folder) as other:
                other.execute(Wish(actor="paula"), PROBLEM)
        return found

    monkeypatch.setattr(log, "version", before_the_other)
    assert team.define() == "SUP-2"


def test_somebody_who_is_always_first_makes_a_conflict(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team.define()
    monkeypatch.setattr("roadlog.application.ATTEMPTS", 3)
    _between_decision_and_append(team, monkeypatch, NOTE, NOTE, NOTE)
    with pytest.raises(Conflict) as conflict:
        team.do(NOTE)
    assert conflict.value.message == "Somebody recorded first: SUP-1 is at version 4, not 3."
    assert len(team.records()) == 11


def _between_decision_and_append(team: Store, monkeypatch: pytest.MonkeyPatch, *others: object) -> None:
    """Another application records one command before each of our appends, as often as there are commands."""
    log = team.application._log
    append, waiting = log.append, list(others)

    def after_the_other(*given: object, **named: object) -> object:
        if waiting:
            with Application.open(team.folder) as other:
                other.execute(Wish(actor="paula", reason="first"), waiting.pop(0))  # type: ignore[arg-type]
        return append(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "append", after_the_other)


# A dry run


def test_a_dry_run_shows_all_and_stores_nothing(team: Store) -> None:
    team.define()
    size = len(team.records())
    done = team.do(NOTE, BlockWork(stream="SUP-1", by="no data"), dry_run=True, command_id="c-1")
    assert done.dry_run
    assert [each.event for each in done.records] == [NoteAdded(text="seen"), WorkBlocked(by="no data")]
    assert [(each.position, each.version, each.leaf) for each in done.records] == [(9, 2, ""), (10, 3, "")]
    assert done.initiatives["SUP-1"].blocked_by == "no data"
    assert len(team.records()) == size
    assert not team.do(NOTE, command_id="c-1").replayed
    with pytest.raises(Refused):
        team.do(NOTE, by="nobody", dry_run=True)


# What is not there


def test_an_unknown_initiative_is_named_with_the_nearest(team: Store) -> None:
    for _ in range(3):
        team.define()
    for given, nearest in (("SUP-4", "SUP-"), ("SUX-2", "SUP-2"), ("sup-3", "SUP-3")):
        with pytest.raises(Unknown, match=f"Did you mean {nearest}") as unknown:
            team.do(AddNote(stream=given, text="seen"))
        assert unknown.value.exit_code == 2
        assert unknown.value.rule == "unknown-initiative"


def test_a_roadmap_is_no_initiative(team: Store) -> None:
    team.define()
    with pytest.raises(Unknown, match="no initiative 'SUP'"):
        team.do(AddNote(stream="SUP", text="seen"))


@pytest.mark.parametrize("command", [AddDependency, RemoveDependency])
def test_an_unknown_dependency_is_named_with_the_nearest(
    team: Store, command: type[AddDependency | RemoveDependency]
) -> None:
    team.define()
    team.define()
    for given in ("SUP-7", "SUP"):
        with pytest.raises(Unknown, match="Did you mean SUP-"):
            team.do(command(stream="SUP-1", on=given))
    assert team.do(AddDependency(stream="SUP-1", on="SUP-2")).records
    assert team.do(RemoveDependency(stream="SUP-1", on="SUP-2")).records
    assert not team.do(RemoveDependency(stream="SUP-1", on="SUP-2")).records


def test_a_ring_of_dependencies_is_found_however_long_it_is(team: Store) -> None:
    for _ in range(3):
        team.define()
    team.do(AddDependency(stream="SUP-1", on="SUP-2"), AddDependency(stream="SUP-2", on="SUP-3"))
    with pytest.raises(Refused) as caught:
        team.do(AddDependency(stream="SUP-3", on="SUP-1"))
    assert caught.value.rule == "dependency"
    assert caught.value.try_ == ("roadlog depend SUP-2 --on SUP-3 --remove",)


def test_new_keys_follow_those_that_are_there(team: Store) -> None:
    keys = [team.define() for _ in range(5)]
    assert keys == ["SUP-1", "SUP-2", "SUP-3", "SUP-4", "SUP-5"]
    following = team.application.new_keys()
    assert [next(following), next(following)] == ["SUP-6", "SUP-7"]


# Voids


def test_a_voided_record_is_as_if_it_had_never_been(team: Store) -> None:
    team.define()
    measured = [
        team.do(MeasureOutcome(stream="SUP-1", metric="tickets", value=value)).records[0].position
        for value in (880, 8800)
    ]
    done = team.do(VoidRecord(stream="SUP-1", position=measured[1]))
    state = done.initiatives["SUP-1"]
    assert [each.value for each in state.outcomes["tickets"].measurements] == [880]
    assert (state.version, state.position) == (4, 11)
    with pytest.raises(Refused, match="void already"):
        team.do(VoidRecord(stream="SUP-1", position=measured[1]))
    with pytest.raises(Refused, match="a void cannot be voided"):
        team.do(VoidRecord(stream="SUP-1", position=done.records[0].position))


def test_ids_of_voided_entries_are_not_given_again(team: Store) -> None:
    team.define()
    evidence = AttachEvidence(stream="SUP-1", kind="dataset", title="Tickets", sha256="a" * 64)
    first = team.do(evidence).records[0]
    done = team.do(VoidRecord(stream="SUP-1", position=first.position), evidence)
    assert [getattr(each.event, "evidence", None) for each in done.records] == [None, "D2"]
    assert list(done.initiatives["SUP-1"].evidence) == ["D2"]


def test_an_unreasoned_void_is_refused(team: Store) -> None:
    team.define()
    position = team.do(NOTE).records[0].position
    with pytest.raises(Refused) as refused:
        team.do(VoidRecord(stream="SUP-1", position=position), because="  ")
    assert refused.value.rule == "reason"


def test_what_has_no_words_is_malformed(team: Store) -> None:
    with pytest.raises(Malformed):
        team.do(DefineProblem(title="\x00", problem="x"))
    team.define()
    with pytest.raises(Malformed):
        team.do(DefineNotice(stream="SUP-1", text="x" * 17_000, placement="above"))


def test_a_clock_that_steps_back_neither_loses_nor_reorders(team: Store) -> None:
    team.define()
    before = team.records()[-1]
    team.clock.move_to(OPENED - timedelta(hours=1))
    (record,) = team.do(NOTE, because=None).records
    assert record.recorded_at == before.recorded_at + timedelta(microseconds=1)
    assert record.effective_at == team.now
