"""What a field of a form may be chosen from: what is known of the initiative, and who is asked."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, get_args

from roadlog import words
from roadlog.domain.events import EvidenceKind
from roadlog.domain.gate import asked_roles
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.votes import standing_votes
from roadlog.domain.workflow import RISK_CATEGORIES
from roadlog.projections.duties import asked_of, brief


class Known(NamedTuple):
    """What choices come from. viewer: the handle of whoever fills in the form"""

    state: InitiativeState
    roadmap: RoadmapState
    viewer: str


class Choice(NamedTuple):
    """A value, what people read, and the record that it is about, where there is more to see of it."""

    value: str
    text: str
    record: int | None = None


Choices = Callable[[Known], Iterator[Choice]]


def my_roles(known: Known) -> Iterator[Choice]:
    """The roles of whoever fills in the form."""
    mine = known.roadmap.stakeholders.get(known.viewer)
    return (Choice(each, each) for each in (mine.roles if mine else ()))


def my_votes(known: Known) -> Iterator[Choice]:
    """The roles in which whoever fills in the form voted on this gate, each with the vote that stands."""
    for each in standing_votes(known.state, known.viewer):
        yield Choice(each.role, f"{each.role}: {each.decision}, #{each.position}")


def roles(known: Known) -> Iterator[Choice]:
    """Every role of the workflow; those that the gate does not ask say so."""
    workflow = known.roadmap.workflow
    if workflow is not None:
        needed = asked_roles(known.state, workflow)
        for each in workflow.roles:
            yield Choice(each, each if each in needed else f"{each} (this gate does not ask it)")


def conditions(known: Known) -> Iterator[Choice]:
    """What approvers still ask for."""
    for vote in known.state.approvals:
        for each in vote.conditions if vote.stands else ():
            if each.met_by is None:
                yield Choice(each.id, f"{each.id}: {brief(each.text)} ({vote.stakeholder})")


def consents(known: Known) -> Iterator[Choice]:
    """What waits for a second person on this initiative, or on the roadmap."""
    stream = known.state.key or known.roadmap.key
    for each in known.roadmap.consents.values():
        if each.answer == "waiting" and each.stream == stream:
            yield Choice(
                str(each.request),
                f"#{each.request}, asked by {each.by}: {asked_of(each, whole=True)}",
                each.request,
            )


def metrics(known: Known) -> Iterator[Choice]:
    """The metrics of the outcomes."""
    for each in known.state.outcomes.values():
        yield Choice(each.metric, f"{each.metric}, {each.unit}" if each.unit else each.metric)


def criteria(known: Known) -> Iterator[Choice]:
    """The criteria that are asked for."""
    for each in known.state.criteria.values():
        if each.retired_by is None:
            text = f"{each.id}: {each.metric} {each.operator} {words.number(each.threshold)}"
            yield Choice(each.id, f"{text}, for {each.segment}" if each.segment else text)


def evidence(known: Known) -> Iterator[Choice]:
    """The evidence attached."""
    return (Choice(each.id, f"{each.id}: {each.title}") for each in known.state.evidence.values())


def risks(known: Known) -> Iterator[Choice]:
    """The risks that are open."""
    for each in known.state.risks.values():
        if each.open:
            yield Choice(each.id, f"{each.id}: {brief(each.description)}")


def handles(known: Known) -> Iterator[Choice]:
    """Who is here."""
    return (Choice(each.handle, each.handle) for each in known.roadmap.present())


def risk_categories(_: Known) -> Iterator[Choice]:
    """The categories of risks."""
    return (Choice(each, each) for each in RISK_CATEGORIES)


def kinds_of_evidence(_: Known) -> Iterator[Choice]:
    """What evidence is."""
    return (Choice(each, each) for each in get_args(EvidenceKind))


def scores(_: Known) -> Iterator[Choice]:
    """1 to 5."""
    return (Choice(str(each), str(each)) for each in range(1, 6))


def yes_or_no(_: Known) -> Iterator[Choice]:
    """A consent, or its refusal."""
    return iter((Choice("true", "Yes: it takes effect"), Choice("false", "No: it never takes effect")))
