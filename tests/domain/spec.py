"""given(events).when(command).then(events): the rule book's grammar, with exact, ordered equality.

The team of every scenario: paula (product, enrolled by opening the roadmap), dan (data-science), erin
(engineering), carla (compliance), otto (customer-ops), bot (an agent with engineering). An initiative's first
record stands at position `FIRST`; its n-th happens at `at(n)`; a command happens at `NOW`, typed at `NOW`,
unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Literal

import pytest
from msgspec import Struct
from msgspec.structs import replace

from roadlog.domain.commands import Command
from roadlog.domain.decisions import decide
from roadlog.domain.events import SCHEMA, Event, RoadmapOpened, StakeholderJoined, WorkflowAdopted
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Actor, Assurance, Body, Record, Source
from roadlog.domain.refusals import RoadlogError
from roadlog.domain.roadmap import RoadmapState, fold_roadmap
from roadlog.domain.situation import Situation
from roadlog.domain.workflow import Policy, Workflow
from roadlog.domain.workflow_file import definition, digest_of, parse

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)
KEY = "SUP-1"
FIRST = 101

TEAM: dict[str, tuple[str, ...]] = {
    "paula": ("product",),
    "dan": ("data-science",),
    "erin": ("engineering",),
    "carla": ("compliance",),
    "otto": ("customer-ops",),
    "bot": ("engineering",),
}


def built_in(name: str) -> Workflow:
    path = files("roadlog.domain") / "workflows" / f"{name}.toml"
    return parse(path.read_text(encoding="utf-8"), f"{name}.toml")


AI_PRODUCT = built_in("ai-product")


def with_policy(workflow: Workflow = AI_PRODUCT, **values: object) -> Workflow:
    """The workflow with some policy values changed."""
    policy: Policy = replace(workflow.policy, **values)
    return replace(workflow, policy=policy)


def kind_of(handle: str) -> Literal["human", "agent"]:
    return "agent" if handle == "bot" else "human"


def at(step: int) -> datetime:
    """When the n-th record of the initiative happens, from 0."""
    return START + timedelta(hours=step)


class By(Struct, frozen=True, kw_only=True):
    """An event with who did it, when and why, where the defaults won't do."""

    event: Event
    actor: str
    at: datetime | None
    reason: str | None
    assurance: Assurance


def by(
    actor: str,
    event: Event,
    *,
    at: datetime | None = None,
    reason: str | None = "because",
    assurance: Assurance = "asserted",
) -> By:
    return By(event=event, actor=actor, at=at, reason=reason, assurance=assurance)


def record(
    event: Event,
    *,
    position: int,
    stream: str = KEY,
    version: int = 1,
    actor: str = "paula",
    roles: tuple[str, ...] | None = None,
    at: datetime = START,
    recorded_at: datetime | None = None,
    reason: str | None = "because",
    assurance: Assurance = "asserted",
) -> Record:
    """A record with an envelope as the application would write it."""
    return Record(
        position=position,
        stream=stream,
        version=version,
        recorded_at=recorded_at or at,
        leaf=f"{position:064x}",
        body=Body(
            schema=SCHEMA,
            effective_at=at,
            actor=Actor(
                id=actor,
                kind=kind_of(actor),
                assurance=assurance,
                roles=TEAM.get(actor, ()) if roles is None else roles,
            ),
            reason=reason,
            command_id=f"c{position}",
            source=Source(client="cli", version="0", os_user="tester", imported=None),
            workflow=None,
            event=event,
            salt="0" * 32,
        ),
    )


def roadmap_records(
    workflow: Workflow = AI_PRODUCT, team: dict[str, tuple[str, ...]] | None = None
) -> list[Record]:
    """The roadmap's opening, its workflow and its people, positions from 1."""
    content = definition(workflow)
    events: list[Event] = [
        RoadmapOpened(key="SUP", name="Support AI"),
        WorkflowAdopted(
            name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
        ),
    ]
    events += [
        StakeholderJoined(
            stakeholder=handle,
            kind=kind_of(handle),
            roles=roles,
            name_commitment=None,
            address_commitment=None,
        )
        for handle, roles in (TEAM if team is None else team).items()
    ]
    return [
        record(event, position=n, stream="SUP", version=n, at=START - timedelta(days=1))
        for n, event in enumerate(events, start=1)
    ]


def initiative_records(
    steps: Sequence[Event | By], team: dict[str, tuple[str, ...]] | None = None
) -> list[Record]:
    """One record a step, positions from FIRST, an hour apart unless the step says when."""
    people = TEAM if team is None else team
    records = []
    for n, step in enumerate(steps):
        each = step if isinstance(step, By) else by("paula", step)
        records.append(
            record(
                each.event,
                position=FIRST + n,
                version=n + 1,
                actor=each.actor,
                roles=people.get(each.actor, ()),
                at=each.at or at(n),
                reason=each.reason,
                assurance=each.assurance,
            )
        )
    return records


class Given(Struct, frozen=True, kw_only=True):
    """What had happened: the roadmap's records and the initiative's."""

    roadmap: list[Record]
    initiative: list[Record]
    others: dict[str, InitiativeState]

    def roadmap_state(self) -> RoadmapState:
        return fold_roadmap(self.roadmap)

    def state(self) -> InitiativeState:
        return fold(self.initiative)

    def when(
        self,
        command: Command,
        *,
        by: str = "paula",
        at: datetime = NOW,
        now: datetime | None = None,
        because: str | None = None,
        consented: bool = False,
        signing: bool = False,
    ) -> Outcome:
        roadmap = self.roadmap_state()
        assert roadmap.workflow is not None
        situation = Situation(
            actor=by,
            at=at,
            now=now or max(at, NOW),
            reason=because,
            roadmap=roadmap,
            workflow=roadmap.workflow,
            initiative=self.state(),
            next_key=KEY,
            history=tuple(self.initiative),
            head=max(each.position for each in (*self.roadmap, *self.initiative)),
            others=self.others,
            consented=consented,
            signing=signing,
        )
        stream = command.stream or KEY
        command = replace(command, stream=stream)
        return Outcome(situation=situation, command=command)


class Outcome(Struct, frozen=True, kw_only=True):
    """A command in its situation, not decided yet."""

    situation: Situation
    command: Command

    def events(self) -> tuple[Event, ...]:
        return decide(self.situation, self.command)

    def then(self, *expected: Event) -> None:
        """Exactly these events, in this order; none at all means: already so."""
        assert self.events() == expected

    def then_refused(self, rule: str, *, saying: str = "") -> RoadlogError:
        """Refused (or malformed) by that rule, in words that hold `saying`."""
        with pytest.raises(RoadlogError) as caught:
            self.events()
        assert caught.value.rule == rule, f"refused by {caught.value.rule}: {caught.value.message}"
        assert saying in caught.value.message
        return caught.value


def given(
    *steps: Event | By,
    workflow: Workflow = AI_PRODUCT,
    team: dict[str, tuple[str, ...]] | None = None,
    roadmap: Sequence[Record] = (),
    others: dict[str, InitiativeState] | None = None,
) -> Given:
    """The initiative's history. `roadmap` are further records of the roadmap's own stream."""
    return Given(
        roadmap=[*roadmap_records(workflow, team), *roadmap],
        initiative=initiative_records(steps, team),
        others=others or {},
    )
