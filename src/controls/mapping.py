"""The control mapping: frameworks with their edition; controls, what they apply to and what shows them."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

RiskClass = Literal["minimal", "limited", "high", "prohibited"]
OurRole = Literal["provider", "deployer"]
Due = Literal["start", "live"]

OWN = "roadlog"
"""roadlog's own controls, each with the id of its check."""
FILES = (OWN, "eu-ai-act", "nist-ai-rmf", "iso-42001", "soc2")
"""The frameworks, in the order in which an audit tells them: what is found comes first."""


class Control(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a framework asks of a process.

    title: what it asks, in our words
    refs: its articles, clauses or criteria; of roadlog's own, what they bear on elsewhere
    classes, our_roles: the purposes it applies to, by risk class and by what we are
    due: from when on it can be asked for: from the start of the work, or once it is live
    evidence: event types whose records show it, each of which must be there; of `A|B` either will do, and
        `EvidenceAttached/KIND` is evidence of a kind
    checks: names of the checks whose findings are its own
    exceptions: whether it looks for what should not be, so that no evidence is no lack
    limits: numbers that its check takes
    """

    id: str
    title: str
    refs: tuple[str, ...]
    classes: tuple[RiskClass, ...] = ("minimal", "limited", "high", "prohibited")
    our_roles: tuple[OurRole, ...] = ("provider", "deployer")
    due: Due = "start"
    evidence: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    exceptions: bool = False
    limits: dict[str, int] = {}


class Framework(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where controls come from.

    edition, date: which text was mapped, and its day, month or year; source: where to read it
    mapped: the day on which this mapping was made
    """

    id: str
    name: str
    edition: str
    date: str
    source: str
    mapped: str
    control: tuple[Control, ...]

    def refs(self, control: Control) -> list[str]:
        """What a control is called elsewhere: `EU AI Act, Article 9(1)`. roadlog's own say so themselves."""
        if self.id == OWN:
            return list(control.refs)
        return [f"{self.name}, {each}" for each in control.refs]


Chosen = Sequence[tuple[Framework, Control]]
"""Controls of an audit, each with its framework."""


@cache
def frameworks() -> tuple[Framework, ...]:
    """Every framework with its controls."""
    import tomllib
    from pathlib import Path

    import msgspec

    folder = Path(__file__).parent
    texts = ((folder / f"{each}.toml").read_text(encoding="utf-8") for each in FILES)
    return tuple(msgspec.convert(tomllib.loads(text), Framework) for text in texts)


def chosen(ids: Sequence[str] = ()) -> Chosen:
    """The controls of these ids; a framework's id stands for all of its own; without ids, all there are.

    Raises LookupError with the first id that is neither.
    """
    every = [(framework, control) for framework in frameworks() for control in framework.control]
    known = {name for framework, control in every for name in (framework.id, control.id)}
    for each in ids:
        if each not in known:
            raise LookupError(each)
    return [
        (framework, control)
        for framework, control in every
        if not ids or framework.id in ids or control.id in ids
    ]


def limits() -> dict[str, dict[str, int]]:
    """The numbers that checks take, by the check's name, which is the id of roadlog's own control."""
    return {control.id: control.limits for control in frameworks()[0].control}
