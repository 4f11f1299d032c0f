"""What a decision is made in: all it may look at, as values. No clock, no ids, no I/O."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from roadlog.domain.events import Event
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.limits import seen
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Policy, Workflow


class Situation(Struct, frozen=True, gc=False, kw_only=True):
    """Who wishes, when it happened, when it is typed, why, and the states that the decision reads.

    actor: the acting handle
    at: effective time of the wish
    now: the application's clock
    reason: why, in the actor's words
    roadmap: the roadmap's state
    workflow: the one in force
    initiative: the stream's state (empty for a roadmap command, or before the first record)
    next_key: the key that a new initiative gets
    history: the stream's records, oldest first, voided ones included
    head: the log's last position
    others: the initiatives that the command names beside its own stream
    consented: whether a second person has said yes to this command
    signing: whether the approval that comes of it will be signed
    """

    actor: str
    at: datetime
    now: datetime
    reason: str | None
    roadmap: RoadmapState
    workflow: Workflow
    initiative: InitiativeState = InitiativeState()
    next_key: str = ""
    history: Sequence[Record] = ()
    head: int = 0
    others: dict[str, InitiativeState] = {}
    consented: bool = False
    signing: bool = False

    @property
    def policy(self) -> Policy:
        return self.workflow.policy

    @property
    def alone(self) -> bool:
        """Whether the actor is the only human on the roadmap, who may do all (rule 10)."""
        return self.roadmap.alone and self.roadmap.humans()[0].handle == self.actor

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the actor holds now."""
        stakeholder = self.roadmap.stakeholders.get(self.actor)
        return stakeholder.roles if stakeholder else ()

    @property
    def reasoned(self) -> bool:
        """Whether a reason is given that one can read, as long as the policy asks."""
        return len(seen(self.reason or "")) >= max(1, self.policy.reason_min_chars)


Events = tuple[Event, ...]
