"""What somebody with write access to the database can do, and what verify says of it, row by row."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from roadlog import log_key, machine, store
from roadlog.domain.commands import AddNote
from roadlog.reading import Reading
from roadlog.trust.note import Note, Verifier
from tests.event_store.test_verify import FORGED, MAKE_ROOM, RENUMBER_DOWN, SWAP
from tests.stores import team_store
from tests.verification.attacks.conftest import Victim
from tests.verification.attacks.intruder import Attack, Intruder, after, verdict

Against = Callable[[Victim], Note | Verifier | None]


def nothing(victim: Victim) -> None:
    """Who verifies kept nothing outside."""


def half(victim: Victim) -> Note:
    return victim.half


def whole(victim: Victim) -> Note:
    return victim.all


def key(victim: Victim) -> Verifier:
    return Verifier.read((victim.folder / log_key.PUBLIC).read_text())


def does(*statements: str) -> Attack:
    """Runs SQL, and no more."""

    def attack(intruder: Intruder) -> None:
        for statement in statements:
            intruder.sql(statement)

    return attack


def and_seals(*statements: str) -> Attack:
    """Runs SQL, then computes every hash anew."""

    def attack(intruder: Intruder) -> None:
        does(*statements)(intruder)
        intruder.seal_again()

    return attack


REPLACE = "UPDATE stored_events SET state = CAST(replace(state, '{}', '{}') AS BLOB) WHERE position = {}"
EDIT = REPLACE.format("one word", "no words", 10)
ACTOR = REPLACE.format("carla", "paula", 11)
LATER = "UPDATE stored_events SET recorded_at = '2026-03-02T09:08:00.000001Z' WHERE position = 10"
TYPE = "UPDATE stored_events SET topic = 'WorkUnblocked' WHERE position = 10"
LAST_ONE = REPLACE.format("dan", "don", 21)


def cuts_the_tail(intruder: Intruder) -> None:
    intruder.cut_off(16)


def cuts_the_tail_and_its_checkpoints(intruder: Intruder) -> None:
    intruder.cut_off(16)
    intruder.forget_checkpoints(16)


def signs_anew_with_another_key(intruder: Intruder) -> None:
    and_seals(EDIT)(intruder)
    intruder.sign_again(intruder.own_key())


def brings_the_other_key_along(intruder: Intruder) -> None:
    signs_anew_with_another_key(intruder)
    (intruder.folder / log_key.PUBLIC).write_text(f"{intruder.own_key().verifier}\n")


def forgets_every_checkpoint(intruder: Intruder) -> None:
    and_seals(EDIT)(intruder)
    intruder.forget_checkpoints(0)


def signs_anew_with_the_stolen_key(intruder: Intruder) -> None:
    and_seals(EDIT)(intruder)
    intruder.sign_again(intruder.stolen_key())


def back_dates_with_the_stolen_key(intruder: Intruder) -> None:
    and_seals(LATER.replace("09:08", "09:00"))(intruder)
    intruder.sign_again(intruder.stolen_key())


def writes_nonsense_with_the_stolen_key(intruder: Intruder) -> None:
    and_seals("UPDATE stored_events SET state = x'7b7d' WHERE position = 10")(intruder)
    intruder.sign_again(intruder.stolen_key())


def cuts_and_signs_with_the_stolen_key(intruder: Intruder) -> None:
    cuts_the_tail_and_its_checkpoints(intruder)
    intruder.sign_again(intruder.stolen_key())


def begins_another_log(intruder: Intruder) -> None:
    and_seals(REPLACE.format("Support", "Suppost", 1))(intruder)


def signs_another_root_of_one_size(intruder: Intruder) -> None:
    intruder.add_checkpoint(intruder.origin, 21, bytes(32))


def signs_a_smaller_size_later(intruder: Intruder) -> None:
    intruder.add_checkpoint(intruder.origin, 18)


def signs_another_origin(intruder: Intruder) -> None:
    intruder.add_checkpoint("roadlog/SUP/ffffffffffffffff", 21)


def touches_projections(intruder: Intruder) -> None:
    with Reading(intruder.folder, now=machine.clock()) as reading:
        reading.board(reading.moment())
    with closing(sqlite3.connect(intruder.folder / store.PROJECTIONS)) as connection:
        connection.execute("UPDATE states SET reached = reached - 1 WHERE stream = 'SUP-1'")
        connection.commit()


ALTERED, INSERTED, MISSING, REORDERED = "altered", "inserted", "missing", "reordered"


ROWS = [
    # edits
    pytest.param(does(EDIT), nothing, (ALTERED, 4, 10), id="payload"),
    pytest.param(does(ACTOR), nothing, (ALTERED, 4, 11), id="actor"),
    pytest.param(does(LATER), nothing, (ALTERED, 4, 10), id="time"),
    pytest.param(does(TYPE), nothing, (ALTERED, 4, 10), id="type"),
    pytest.param(and_seals(EDIT), nothing, (ALTERED, 4, 4), id="payload, hashes anew"),
    pytest.param(and_seals(ACTOR), nothing, (ALTERED, 4, 4), id="actor, hashes anew"),
    pytest.param(and_seals(LAST_ONE), nothing, (ALTERED, 4, 19), id="last payload, hashes anew"),
    # takes out, moves, puts in
    pytest.param(does("DELETE FROM stored_events WHERE position = 10"), nothing, (MISSING, 4, 10), id="gap"),
    pytest.param(
        does("DELETE FROM stored_events WHERE position = 10", RENUMBER_DOWN.format(10)),
        nothing,
        (MISSING, 4, 10),
        id="taken out, closed up",
    ),
    pytest.param(does(*(each.format(10, 17) for each in SWAP)), nothing, (REORDERED, 4, 10), id="swapped"),
    pytest.param(
        does(*(each.format(9) for each in MAKE_ROOM), FORGED.format(position=10)),
        nothing,
        (INSERTED, 4, 10),
        id="put in",
    ),
    # cuts
    pytest.param(cuts_the_tail, nothing, ("truncated", 4, 17), id="tail"),
    pytest.param(cuts_the_tail_and_its_checkpoints, whole, ("rolled-back", 4, 17), id="tail, all of it"),
    # everything anew
    pytest.param(signs_anew_with_another_key, nothing, ("replaced", 4, 3), id="another key"),
    pytest.param(brings_the_other_key_along, key, ("replaced", 4, None), id="another log.pub"),
    pytest.param(brings_the_other_key_along, half, ("replaced", 4, 14), id="another log.pub, a note kept"),
    pytest.param(begins_another_log, nothing, ("replaced", 4, None), id="another first record"),
    pytest.param(forgets_every_checkpoint, whole, (ALTERED, 4, 21), id="no checkpoints"),
    pytest.param(signs_anew_with_the_stolen_key, whole, ("split-view", 4, 21), id="the stolen key"),
    pytest.param(signs_anew_with_the_stolen_key, half, ("split-view", 4, 14), id="stolen, an old note"),
    pytest.param(cuts_and_signs_with_the_stolen_key, whole, ("rolled-back", 4, 17), id="stolen, cut"),
    pytest.param(back_dates_with_the_stolen_key, nothing, (INSERTED, 4, 10), id="stolen, back-dated"),
    pytest.param(writes_nonsense_with_the_stolen_key, nothing, ("unreadable", 4, 10), id="stolen, nonsense"),
    pytest.param(signs_another_root_of_one_size, nothing, ("split-view", 4, 21), id="two roots"),
    pytest.param(signs_a_smaller_size_later, nothing, (REORDERED, 4, 18), id="a smaller size later"),
    pytest.param(signs_another_origin, nothing, ("replaced", 4, 21), id="another origin"),
    pytest.param(touches_projections, nothing, (ALTERED, 4, None), id="projections"),
    pytest.param(
        does("DELETE FROM checkpoints WHERE id = 7"), whole, ("rolled-back", 4, 21), id="the last checkpoint"
    ),
    pytest.param(
        does("UPDATE commands SET id = 'another' WHERE first = 10"),
        nothing,
        (ALTERED, 4, 10),
        id="command id",
    ),
    # the tables beside
    pytest.param(does("DELETE FROM tree WHERE node = 9"), nothing, (MISSING, 4, 12), id="a node"),
    pytest.param(does("DELETE FROM tree"), nothing, ("torn", 4, 2), id="all nodes"),
    pytest.param(
        does("INSERT INTO tree VALUES (99, x'00')"), nothing, ("truncated", 4, 22), id="a node more"
    ),
    pytest.param(does("DELETE FROM commands WHERE first = 10"), nothing, (MISSING, 4, 10), id="a command"),
    pytest.param(does("CREATE TABLE spare (x)"), nothing, (ALTERED, 4, None), id="a table more"),
    pytest.param(does("DELETE FROM checkpoints WHERE id = 2"), nothing, (MISSING, 4, 14), id="a checkpoint"),
    pytest.param(
        does(
            "UPDATE checkpoints SET id = 99 WHERE id = 2",
            "UPDATE checkpoints SET id = 2 WHERE id = 3",
            "UPDATE checkpoints SET id = 3 WHERE id = 99",
        ),
        nothing,
        (ALTERED, 4, 14),
        id="checkpoints swapped",
    ),
    pytest.param(does("UPDATE checkpoints SET size = 12 WHERE id = 2"), nothing, (ALTERED, 4, 12), id="size"),
    pytest.param(
        does("UPDATE checkpoints SET made_at = '2026-03-02T09:00:00.000000Z' WHERE id = 2"),
        nothing,
        (ALTERED, 4, 11),
        id="made_at",
    ),
    pytest.param(
        does("UPDATE checkpoints SET note = x'00' WHERE id = 2"), nothing, (ALTERED, 4, 11), id="note"
    ),
]
"""What is done, what who verifies has kept outside, and the verdict, exit code and position."""


@pytest.mark.parametrize(("attack", "against", "expected"), ROWS)
def test_is_found(
    victim: Victim, copy: Path, attack: Attack, against: Against, expected: tuple[str, int, int | None]
) -> None:
    after(attack, victim.folder, copy)
    assert verdict(copy, victim.now, against(victim)) == expected


@pytest.mark.parametrize(
    ("against", "expected"),
    [
        pytest.param(nothing, ("intact-unanchored", 1, None), id="nothing"),
        pytest.param(key, ("intact-unanchored", 1, None), id="the key"),
        pytest.param(half, ("intact-anchored", 0, None), id="an old note"),
        pytest.param(whole, ("intact-anchored", 0, None), id="the last note"),
    ],
)
def test_an_untouched_store_is_intact(
    victim: Victim, copy: Path, against: Against, expected: tuple[str, int, int | None]
) -> None:
    after(does(), victim.folder, copy)
    assert verdict(copy, victim.now, against(victim)) == expected


@pytest.mark.parametrize(
    "attack",
    [cuts_the_tail_and_its_checkpoints, brings_the_other_key_along, signs_anew_with_the_stolen_key],
)
def test_what_only_somebody_outside_can_find(victim: Victim, copy: Path, attack: Attack) -> None:
    """The control: a store that was rebuilt with its own key, or cut off whole, looks intact by itself."""
    after(attack, victim.folder, copy)
    assert verdict(copy, victim.now) == ("intact-unanchored", 1, None)


def test_an_older_copy_put_back_is_rolled_back(victim: Victim, tmp_path: Path) -> None:
    with team_store(tmp_path / ".roadlog") as team:
        team.define()
        team.application.checkpoint()
        shutil.copytree(team.folder, tmp_path / "old")
        team.do(AddNote(stream="SUP-1", text="bad news"))
        kept = Note.read(team.application.checkpoint().note)
        now = team.now
    assert verdict(tmp_path / ".roadlog", now, kept)[0] == "intact-anchored"
    assert verdict(tmp_path / "old", now, kept) == ("rolled-back", 4, 9)
    assert verdict(tmp_path / "old", now) == ("intact-unanchored", 1, None)


def test_another_roadmaps_store_is_replaced(victim: Victim, tmp_path: Path) -> None:
    with team_store(tmp_path / ".roadlog") as team:
        team.define()
        now = team.now
    assert verdict(tmp_path / ".roadlog", now, victim.half) == ("replaced", 4, 14)
