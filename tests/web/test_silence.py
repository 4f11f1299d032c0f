"""Checkpoints while nothing is recorded."""

import logging
from datetime import timedelta

import pytest

from roadlog.application import Application
from roadlog.event_store.reading import Reader
from roadlog.store import EVENTS
from roadlog.web.silence import look
from tests.stores import Store


def size_and_number(team: Store) -> tuple[int, int]:
    """Of the last checkpoint."""
    with Reader(str(team.folder / EVENTS)) as reader:
        *_, last = reader.checkpoints()
    return last.size, last.id


def test_a_day_of_silence_is_vouched_for_and_an_hour_is_not(team: Store) -> None:
    team.application.checkpoint()
    size, number = size_and_number(team)
    team.clock.tick(timedelta(hours=1))
    look(team.folder)
    assert size_and_number(team) == (size, number)
    team.clock.tick(timedelta(hours=24))
    look(team.folder)
    assert size_and_number(team) == (size, number + 1)
    assert len(team.records()) == size


def test_what_keeps_it_from_signing_is_told(team: Store, caplog: pytest.LogCaptureFixture) -> None:
    (team.folder / "log.key").write_bytes(b"no key")
    team.clock.tick(timedelta(hours=25))
    with caplog.at_level(logging.WARNING, "uvicorn.error"):
        look(team.folder)
        look(team.folder / "nowhere")
    assert [each.getMessage()[:25] for each in caplog.records] == ["No checkpoint was made. T"] * 2
    assert (team.folder / EVENTS).exists()


def test_a_defect_is_told_and_the_next_look_comes(
    team: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise KeyError("it")

    monkeypatch.setattr(Application, "open", wrong)
    with caplog.at_level(logging.WARNING, "uvicorn.error"):
        look(team.folder)
    assert [each.getMessage() for each in caplog.records] == ["No checkpoint was made. KeyError: 'it'"]
