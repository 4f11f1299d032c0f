"""A form as it is shown: with what can be chosen, what was typed before, and what to know before pressing."""

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from roadlog import machine, recorded
from roadlog.application import Done, Wish
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.domain.refusals import Conflict, Malformed, RoadlogError
from roadlog.domain.votes import DEMANDED, standing_votes
from roadlog.domain.wording import listed
from roadlog.projections.duties import brief
from roadlog.projections.sentences import sentence
from roadlog.web import commands
from roadlog.web.asked import Asked
from roadlog.web.choices import Choice, Known, my_roles
from roadlog.web.filled_in import MORE, PRESSED, texts_of, typed_conditions
from roadlog.web.forms import AT, Field, Form
from roadlog.web.option_names import in_names, in_text
from roadlog.web.posted import Typed, text_of
from roadlog.web.wished import VERSION

ROWS = 3
"""Conditions that there is room for, beside those typed."""
MOST = 10
"""Records that are named, at most, of what somebody recorded meanwhile."""


class Row(NamedTuple):
    """A field, what was typed into it, what it can be chosen from, and whether it was refused.

    begins: the condition to go on with, where room for more was asked for
    """

    field: Field
    values: list[str]
    choices: list[Choice]
    conditions: list[tuple[str, str]]
    wrong: bool
    begins: int | None

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def lacks(self) -> bool:
        """Whether it has to be chosen, and there is nothing to choose."""
        return self.field.required and self.field.choices is not None and not self.choices

    @property
    def is_settled(self) -> bool:
        """Whether it is chosen, and cannot be left open."""
        return bool(self.values) and (
            self.field.required or (self.field.name == "role" and len(self.choices) == 1)
        )


def known(asked: Asked, viewer: str, form: Form) -> Known:
    """What choices come from: the initiative's key stands in the address, or of a consent the roadmap's."""
    roadmap, key = asked.reading.roadmap(asked.moment), asked.parts["key"]
    is_roadmap = key == roadmap.key and form.command == "consent"
    state = InitiativeState() if is_roadmap else asked.reading.state(key, asked.moment)
    return Known(state, roadmap, viewer)


def filled(
    folder: str | os.PathLike[str], asked: Asked, form: Form, typed: Typed, refusal: RoadlogError | None
) -> dict[str, Any]:
    """What the template `form` shows. Raises Unknown for an initiative that is not there."""
    all_known = known(asked, str(asked.viewer), form)
    missing = in_names(refusal.missing, "_") if refusal else ()
    rows = [_row(each, all_known, typed, missing) for each in form.fields]
    labels = {each.name: each.label for each in form.fields}
    return {
        "form": form,
        "of": all_known.state.title or all_known.roadmap.name,
        "key": asked.parts["key"],
        "rows": rows,
        "lacking": next((each.field.none for each in rows if each.lacks), None),
        "refusal": refusal,
        "says": _says(refusal, all_known, labels) if refusal else "",
        "missing": [labels.get(each, each) for each in missing if _lacks(refusal, each)],
        "meanwhile": [*meanwhile(asked, typed)],
        "before": [
            *_ending(form, all_known),
            *(_before(folder, all_known) if form.command == "approve" else ()),
        ],
        "can_sign": form.command == "approve" and bool(all_known.roadmap.keys_of(all_known.viewer)),
        "shown_of": all_known.state.version if form.compares else None,
        "gate": asked.reading.gate(asked.parts["key"], asked.moment) if form.compares else None,
        "problem": all_known.state.problem,
        "approach": all_known.state.approach,
        "command_id": machine.random_hex(16),
    }


def _says(refusal: RoadlogError, known: Known, labels: dict[str, str]) -> str:
    """What is wrong, with its fields as the form calls them."""
    if isinstance(refusal, Conflict):
        return (
            f"Somebody recorded something of {known.state.key} since you opened this form. "
            "See below what that was, and press again if it changes nothing for you."
        )
    return in_text(refusal.message, "_", labels)


def _lacks(refusal: RoadlogError | None, name: str) -> bool:
    """Whether a field that is at fault was left empty, and not filled in wrong."""
    return not isinstance(refusal, Malformed | Conflict) and name != AT


def _row(field: Field, known: Known, typed: Typed, missing: tuple[str, ...]) -> Row:
    choices = list(field.choices(known)) if field.choices else []
    values = [each for each in texts_of(typed, field.name) if each]
    if not values and len(choices) == 1 and (field.required or field.name == "role"):
        values = [choices[0].value]
    conditions = typed_conditions(typed) if field.kind == "conditions" else []
    there = [each for each in conditions if any(each)]
    more = bool(conditions) and text_of(typed, PRESSED) == MORE
    room = max(ROWS, len(conditions) - len(there) + ROWS * more)
    begins = len(there) if more else None
    return Row(field, values, choices, [*there, *[("", "")] * room], field.name in missing, begins)


def meanwhile(asked: Asked, typed: Typed) -> Iterator[str]:
    """What others recorded since the form was shown, where it was shown with a version."""
    shown = next(iter(texts_of(typed, VERSION)), "")
    if shown.isascii() and shown.isdigit() and len(shown) < 10:
        history = asked.reading.history(asked.parts["key"], asked.moment)
        later = [each for each in history if each.version > int(shown)]
        yield from map(_told, later[:MOST])


def _told(record: Record) -> str:
    return f"#{record.position}: {record.actor.id} {sentence(record.event)}"


def _ending(form: Form, known: Known) -> Iterator[str]:
    """The conditions that end with the vote on which they stand, where this form replaces or withdraws it."""
    for vote in (
        standing_votes(known.state, known.viewer) if form.compares or form.command == "withdraw" else ()
    ):
        still = [each for each in vote.conditions if each.met_by is None]
        if still:
            ids, texts = listed([each.id for each in still]), "; ".join(brief(each.text) for each in still)
            yours, end = ("condition", "ends") if len(still) == 1 else ("conditions", "end")
            with_it = "this vote" if form.compares else "the vote"
            again = " Ask again for what you still want." if form.command == "approve" else ""
            ends = f"your {yours} {ids} of #{vote.position} {end} with {with_it} ({texts})"
            yield f"As {vote.role}: {ends}.{again}"


def _before(folder: str | os.PathLike[str], known: Known) -> Iterator[str]:
    """What to know before approving, for each role one could approve in: as the command line tells it."""
    workflow = known.roadmap.workflow
    for role in (each.value for each in my_roles(known)):
        try:
            done = _rehearsed(folder, known, role)
        except RoadlogError as error:
            yield f"As {role}: {in_text(error.message)}"
            continue
        beside = recorded.vote_json(done)
        yield from (f"As {role}: {recorded.since_sentence(each)}" for each in beside["since_last_vote"])
        yield from map(recorded.unasked_sentence, beside["unasked"])
        demanded = DEMANDED[workflow.policy.demanded(role)] if workflow else ""
        if demanded:
            yield f"As {role}, your vote has to be signed {demanded}. You are shown the text next."


def _rehearsed(folder: str | os.PathLike[str], known: Known, role: str) -> Done:
    """What approving would record; in words of its own, so that it says something new."""
    values = {"key": known.state.key, "role": role, "statement": "rehearsed"}
    return commands.carry_out(folder, Wish(actor=known.viewer, dry_run=True), "approve", values)
