"""What arguments name, and how they must be: stakeholders and ids that are there, numbers within bounds."""

from collections.abc import Collection

from msgspec import Struct

from roadlog.domain.events import Event, Number
from roadlog.domain.initiative import Evidence, InitiativeState
from roadlog.domain.refusals import Malformed, unknown
from roadlog.domain.situation import Situation


def next_id(state: InitiativeState, prefix: str) -> str:
    """The next id that roadlog gives out, for example `R3`; ids of voided entries are not given out again."""
    return f"{prefix}{state.numbers.get(prefix, 0) + 1}"


def already(part: Struct | None, event: Event, *, but: str = "") -> bool:
    """Whether the part says all that the event would, in every field but the one that names the part."""
    return part is not None and all(
        getattr(part, field) == getattr(event, field) for field in event.__struct_fields__ if field != but
    )


def known(what: str, given: str, among: Collection[str], *, try_: tuple[str, ...] = ()) -> str:
    """The name given, where it is one of those. Raises Unknown, offering the nearest."""
    if given not in among:
        raise unknown(what, given, tuple(among), try_=try_)
    return given


def present(situation: Situation, handle: str | None) -> None:
    """Nobody, or a stakeholder who has not left. Raises Unknown."""
    if handle is not None:
        handles = tuple(each.handle for each in situation.roadmap.present())
        known("stakeholder", handle, handles, try_=("roadlog stakeholder list",))


def evidence(state: InitiativeState, given: str | None) -> Evidence | None:
    """The evidence of that id, or of that SHA-256; none where none is named. Raises Unknown."""
    if given is None:
        return None
    for each in reversed(state.evidence.values()):
        if each.sha256 == given:
            return each
    known("evidence", given, state.evidence, try_=(f"roadlog evidence list {state.key}",))
    return state.evidence[given]


def scale(name: str, value: int) -> None:
    """A score from 1 to 5. Raises Malformed."""
    if not 1 <= value <= 5:
        raise Malformed("scale", f"The {name} goes from 1 to 5; {value} lies outside.")


def count(name: str, value: int | None, *, least: int = 1) -> None:
    """A number of things, or not counted. Raises Malformed."""
    if value is not None and value < least:
        raise Malformed("count", f"The {name} is a whole number from {least} on; {value} is none.")


def interval(value: Number, low: Number | None, high: Number | None) -> None:
    """Both ends with the value between them, or no interval at all. Raises Malformed."""
    if low is None and high is None:
        return
    if low is None or high is None:
        raise Malformed("interval", "An interval has both ends: give low and high, or neither.")
    if not low <= value <= high:
        raise Malformed(
            "interval", f"The value lies within its interval; {value} is not from {low} to {high}."
        )
