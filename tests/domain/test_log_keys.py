"""The key that signs the log: who may change it, for which other, and what is known of it afterwards."""

from __future__ import annotations

from roadlog.domain.commands import ChangeLogKey
from roadlog.domain.events import LogKeyChanged
from roadlog.domain.log_keys import key_id
from roadlog.domain.roadmap import fold_roadmap
from tests.domain.spec import NOW, Given, given, record, roadmap_records

WHY = "The backup server was stolen"


def changed(old: str, new: str) -> LogKeyChanged:
    return LogKeyChanged(old=old, new=new, by_old="x", by_new="y")


def change(old: str, new: str) -> ChangeLogKey:
    return ChangeLogKey(old=old, new=new, by_old="x", by_new="y")


def once() -> Given:
    return given(roadmap=[record(changed("a", "b"), position=20, stream="SUP", at=NOW)])


def test_any_person_may_change_it_with_a_reason() -> None:
    for by in ("paula", "dan", "otto"):
        given().when(change("a", "b"), by=by, because=WHY).then(changed("a", "b"))
    given().when(change("a", "b")).then_refused("reason")


def test_an_agent_may_not() -> None:
    given().when(change("a", "b"), by="bot", because=WHY).then_refused("human")


def test_only_the_key_in_force_gives_way() -> None:
    once().when(change("b", "c"), because=WHY).then(changed("b", "c"))
    once().when(change("a", "c"), because=WHY).then_refused("log-key")


def test_a_key_that_signed_once_does_not_come_back() -> None:
    once().when(change("b", "a"), because=WHY).then_refused("log-key")
    given().when(change("a", "a"), because=WHY).then_refused("log-key")


def test_the_roadmap_knows_the_keys_that_came() -> None:
    state = fold_roadmap(
        [*roadmap_records(), record(changed("a", "b"), position=20, stream="SUP", at=NOW, reason=WHY)]
    )
    (key,) = state.log_keys
    assert (key.position, key.key, key.before, key.reason) == (20, "b", "a", WHY)


def test_a_key_is_told_by_its_id() -> None:
    assert (key_id("log+1a2b+aa+b"), key_id("nothing")) == ("1a2b", "nothing")
