"""How messages name event types and commands: every one of them has its words."""

from __future__ import annotations

from typing import get_args

from roadlog.domain.commands import Command
from roadlog.domain.events import CATALOGUE
from roadlog.domain.names import COMMANDS, EVENTS, event_name, sentence_case, wish


def test_every_event_type_and_every_command_has_its_words() -> None:
    assert EVENTS.keys() == CATALOGUE.keys()
    assert COMMANDS.keys() == {each.__name__ for each in get_args(Command)}


def test_an_event_type_is_named_as_people_say_it() -> None:
    assert sentence_case(event_name("MilestoneReturned")) == "A return"
    assert event_name("StakeholderApproved") == "an approval"


def test_a_wish_says_what_would_happen() -> None:
    assert wish("VoidRecord", {"stream": "SUP-1", "position": 92}) == "void record 92"
    measure = {"stream": "SUP-1", "metric": "days", "value": 31, "sample": None}
    assert wish("MeasureOutcome", measure) == "record a measurement: metric days, value 31"
    assert wish("PauseWork", {"stream": "SUP-1"}) == "pause the work"
