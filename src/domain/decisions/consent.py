"""A second person's yes or no (rule 11), and the command that waited for it."""

from typing import Any, get_args

import msgspec

from roadlog.domain.commands import AnswerConsent, Command
from roadlog.domain.events import ConsentGiven, ConsentRefused
from roadlog.domain.moments import told
from roadlog.domain.names import wish
from roadlog.domain.refusals import Malformed, Refused, unknown
from roadlog.domain.roadmap import Consent
from roadlog.domain.situation import Events, Situation

COMMANDS: dict[str, type[Command]] = {kind.__name__: kind for kind in get_args(Command)}
"""The closed registry from which a waiting command is read back."""


def answer(situation: Situation, command: AnswerConsent) -> Events:
    """Rule 11: another person says yes or no, once."""
    consents = situation.roadmap.consents
    consent = consents.get(command.request)
    if consent is None:
        waiting = tuple(str(each) for each, it in consents.items() if it.answer == "waiting")
        raise unknown("request", str(command.request), waiting, try_=("roadlog next",))
    if consent.answer != "waiting":
        raise Refused(
            "consent-answered",
            f"The request at position {consent.request} was answered already: {consent.answer} by "
            f"{consent.answered_by}.",
            try_=("roadlog log",),
        )
    roadmap = situation.roadmap
    same = roadmap.same(situation.actor, consent.by)
    if same or roadmap.stakeholders[situation.actor].kind != "human":
        others = [each.handle for each in roadmap.humans() if not roadmap.same(each.handle, consent.by)]
        what = "another person than the one who asked" if same else "a person"
        who = " or ".join(others) or "nobody else is here, so enrol somebody"
        raise Refused(
            "consent",
            f"{consent.by}'s wish to {wish(consent.command, consent.arguments)} on {consent.stream} waits "
            f"for {what}: {who}.",
            missing=("second person",),
            try_=(f"roadlog consent {consent.request} --as {others[0]}",)
            if others
            else ("roadlog stakeholder add HANDLE --role ROLE",),
        )
    if situation.at < consent.requested_at:
        raise Refused(
            "order",
            f"{consent.by} asked at {told(consent.requested_at)}: nobody can have answered before.",
            missing=("--at",),
            try_=(f"roadlog consent {consent.request}",),
        )
    return (
        ConsentGiven(request=command.request) if command.give else ConsentRefused(request=command.request),
    )


def waiting_command(consent: Consent) -> Command:
    """The command that waits for consent, as it was typed. Raises Malformed when it cannot be read back."""
    try:
        return read_back(consent.command, consent.arguments)
    except LookupError:
        raise Malformed(
            "consent", f"The request at position {consent.request} names no command: {consent.command!r}."
        ) from None
    except msgspec.ValidationError as error:
        message = f"The request at position {consent.request} holds no {consent.command}: {error}."
        raise Malformed("consent", message) from error


def read_back(command: str, arguments: dict[str, Any]) -> Command:
    """A command from its type and arguments. Raises LookupError, and msgspec's ValidationError."""
    return msgspec.convert(arguments, COMMANDS[command])
