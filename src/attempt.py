"""One attempt at a wish: the streams it reads with their versions, and the records decided on top of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from roadlog import store
from roadlog.domain.commands import (
    BEGINNINGS,
    ROADMAP_COMMANDS,
    AddDependency,
    AdoptWorkflow,
    AnswerConsent,
    Command,
    OpenRoadmap,
    RemoveDependency,
)
from roadlog.domain.decisions import decide
from roadlog.domain.events import (
    ROADMAP_EVENTS,
    SCHEMA,
    ConsentRequested,
    Event,
    MilestoneAdvanced,
    StakeholderApproved,
)
from roadlog.domain.evolve import evolve, fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Actor, Body, Record, Source
from roadlog.domain.refusals import Malformed, Refused, RoadlogError, unknown
from roadlog.domain.roadmap import evolve_roadmap
from roadlog.domain.situation import Situation
from roadlog.domain.workflow_file import from_definition
from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.log import Log
from roadlog.machine import random_hex
from roadlog.streams import Streams

if TYPE_CHECKING:
    from roadlog.trust.signing import Signing


class Typist(Struct, frozen=True, kw_only=True):
    """Who wishes, when it happened and why: what a decision and its records take from the wish."""

    actor: str
    at: datetime
    reason: str | None


class Attempt:
    """Reads what the commands need, decides them one after the other, and keeps what must be appended."""

    def __init__(
        self,
        log: Log[Record],
        streams: Streams,
        *,
        command_id: str,
        source: Source,
        now: datetime,
        signing: "Signing | None" = None,
    ) -> None:
        self._log = log
        self._streams = streams
        self._command_id = command_id
        self._source = source
        self._signing = signing
        self.now = now
        self.pending: list[Record] = []
        self.versions: dict[str, int] = {}
        self.initiatives: dict[str, InitiativeState] = {}
        self._histories: dict[str, Sequence[Record]] = {}
        if streams.mark is None:
            streams.look()
        self._head = streams.head
        self.key = streams.key
        self.roadmap, history = streams.roadmap()
        if self.key:
            self.versions[self.key] = len(history)

    def carry_out(self, command: Command, typist: Typist) -> None:
        """Decides one command and puts its records on top. After a RoadlogError it is worth nothing."""
        if isinstance(command, OpenRoadmap):
            self.key = self.key or command.stream
            self.versions.setdefault(self.key, 0)
        command = replace(command, stream=self._stream_of(command))
        consented = False
        self._take(decide(self._situation(command, typist, consented), command), command.stream, typist)
        if isinstance(command, AnswerConsent) and command.give:
            self._carry_out_waiting(command.request)

    def names_itself(self) -> bool:
        """Whether a gate is passed on records of this attempt: nobody may record before them any more."""
        return any(
            position > self._head
            for each in self.pending
            if isinstance(each.event, MilestoneAdvanced)
            for line in each.event.gate
            for position in (*line.by, line.waiver or 0)
        )

    def check_together(self) -> None:
        """Refuse a wish of several commands of which one waits: the others may need what it would record."""
        if any(isinstance(each.event, ConsentRequested) for each in self.pending):
            raise Refused(
                "consent",
                "Several records typed at once cannot wait for a second person; type them one by one.",
                missing=("second person",),
            )

    def _carry_out_waiting(self, request: int) -> None:
        """What waited takes effect, decided anew, as its author's command and at its own effective time."""
        from roadlog.domain.decisions.consent import waiting_command

        consent = self.roadmap.consents[request]
        waiting = waiting_command(consent)
        author = Typist(actor=consent.by, at=consent.at, reason=consent.reason)
        try:
            waiting = replace(waiting, stream=self._stream_of(waiting))
            self._take(decide(self._situation(waiting, author, True), waiting), waiting.stream, author)
        except RoadlogError as error:  # it may never be possible again, and then a no ends the waiting
            error.try_ = (*error.try_, f"roadlog consent {request} --refuse")
            raise

    def _situation(self, command: Command, typist: Typist, consented: bool) -> Situation:
        if isinstance(command, OpenRoadmap):
            workflow = from_definition(command.definition)
        elif self.roadmap.workflow is None:
            raise Malformed("no-roadmap", "This store holds no roadmap yet.", try_=("roadlog init",))
        else:
            workflow = self.roadmap.workflow
        on_roadmap = type(command) in ROADMAP_COMMANDS
        return Situation(
            actor=typist.actor,
            at=typist.at,
            now=self.now,
            reason=typist.reason,
            roadmap=self.roadmap,
            workflow=workflow,
            initiative=InitiativeState() if on_roadmap else self._initiative(command.stream),
            next_key=command.stream,
            history=() if on_roadmap else self._history(command.stream),
            head=self._head + len(self.pending),
            others=self._others(command),
            consented=consented,
            signing=self._signing is not None,
        )

    def _stream_of(self, command: Command) -> str:
        """The stream it acts on: the roadmap's, the key given, or the next key for a new initiative."""
        if type(command) in ROADMAP_COMMANDS:
            return self.key
        if type(command) in BEGINNINGS and not command.stream:
            return self.next_key()
        if command.stream in ("", self.key) or not self._initiative(command.stream).exists:
            raise unknown("initiative", command.stream, self.keys(), try_=("roadlog board",))
        return command.stream

    def _others(self, command: Command) -> dict[str, InitiativeState]:
        if isinstance(command, AddDependency | RemoveDependency):
            if command.on != self.key and self._exists(command.on):
                return self._waited_for(command.on)
        elif not isinstance(command, AdoptWorkflow):
            return {}
        return {key: self._initiative(key) for key in self.keys()}

    def _waited_for(self, key: str) -> dict[str, InitiativeState]:
        """The initiative, what it depends on, what those depend on, and so forth."""
        found: dict[str, InitiativeState] = {}
        ahead = [key]
        while ahead:
            each = ahead.pop()
            if each not in found:
                found[each] = self._initiative(each)
                ahead += found[each].dependencies
        return found

    def version_for(self, command: Command) -> tuple[str, int]:
        """The stream that a command acts on, and its version; 0 for a new one. Raises Unknown."""
        stream = self._stream_of(command)
        return stream, self.version(stream)

    def version(self, stream: str) -> int:
        """The version of a stream as this attempt reads it, 0 where there is none."""
        if stream not in self.versions:
            self._initiative(stream)
        return self.versions[stream]

    def keys(self) -> tuple[str, ...]:
        """Every initiative's key, in order."""
        return tuple(f"{self.key}-{number}" for number in range(1, self._next_number()))

    def next_key(self) -> str:
        """The key that the next new initiative gets."""
        return f"{self.key}-{self._next_number()}"

    def _next_number(self) -> int:
        """Keys have no gaps, so the first free number is found by doubling and halving.

        That it is free was read, too: whoever takes it meanwhile makes a conflict.
        """
        low, high = 0, 1
        while self._exists(f"{self.key}-{high}"):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._exists(f"{self.key}-{middle}") else (low, middle)
        self.versions.setdefault(f"{self.key}-{high}", 0)
        return high

    def _exists(self, stream: str) -> bool:
        known = self.initiatives.get(stream)
        return known.exists if known else self._log.version(stream) > 0

    def _initiative(self, stream: str) -> InitiativeState:
        """Its state. Raises VersionConflict where somebody began it since this attempt found it free."""
        if stream not in self.initiatives:
            state, history = self._streams.initiative(stream)
            if self.versions.setdefault(stream, len(history)) != len(history):
                raise VersionConflict(stream, self.versions[stream], len(history))
            self.initiatives[stream], self._histories[stream] = state, history
        return self.initiatives[stream]

    def _history(self, stream: str) -> Sequence[Record]:
        """A stream's records as they will stand."""
        pending = [each for each in self.pending if each.stream == stream]
        return [*self._histories[stream], *pending] if pending else self._histories[stream]

    def _take(self, events: tuple[Event, ...], stream: str, typist: Typist) -> None:
        for event in events:
            on_roadmap = type(event) in ROADMAP_EVENTS
            target = self.key if on_roadmap else stream
            waits = isinstance(event, ConsentRequested)
            record = self._record(event, target, replace(typist, at=self.now) if waits else typist)
            if isinstance(event, StakeholderApproved) and self._signing is not None:
                record = self._signed(self._signing, record, event)
            self.pending.append(record)
            if on_roadmap:
                self.roadmap = evolve_roadmap(self.roadmap, record)
            else:
                self.initiatives[target] = (
                    evolve(self.initiatives[target], record)
                    if record.type != "RecordVoided"
                    else fold(self._history(target))
                )

    def _record(self, event: Event, stream: str, typist: Typist) -> Record:
        """The record as it will stand; the store gives its position, time and leaf when it is appended."""
        ahead = sum(1 for each in self.pending if each.stream == stream)
        return Record(
            position=self._head + len(self.pending) + 1,
            stream=stream,
            version=self.versions[stream] + ahead + 1,
            recorded_at=self.now,
            leaf="",
            body=Body(
                schema=SCHEMA,
                effective_at=typist.at,
                actor=self._actor(typist.actor),
                reason=typist.reason,
                command_id=self._command_id,
                source=self._source,
                workflow=self.roadmap.workflow_digest,
                event=event,
                salt=random_hex(16),
            ),
        )

    def _signed(self, signing: "Signing", record: Record, event: StakeholderApproved) -> Record:
        """The approval with its signature, where this is no dry run.

        It names the record before it by its leaf, which the store gives.
        """
        from roadlog.domain.approval_text import approval_text

        state, last = self.initiatives[record.stream], self._history(record.stream)[-1]
        if not last.leaf:
            raise Refused(
                "signing",
                "An approval is signed on its own, after what else is recorded of its initiative.",
                missing=("signature",),
            )
        text = approval_text(
            record,
            event,
            origin=self.origin(),
            cycle=state.cycle,
            iteration=state.iteration,
            previous=last.leaf,
        )
        made = signing.sign(text, self.origin(), record.actor.id, self.roadmap, self.now)
        actor = replace(record.actor, assurance=made.assurance)
        body = replace(record.body, actor=actor, event=replace(event, signature=made.signature))
        return replace(record, body=body)

    def origin(self) -> str:
        """Which log this is, by its first record."""
        first = self._streams.roadmap()[1][0]
        return store.origin(first.stream, first.leaf)

    def _actor(self, handle: str) -> Actor:
        stakeholder = self.roadmap.stakeholders.get(handle)
        return Actor(
            id=handle,
            kind=stakeholder.kind if stakeholder else "human",
            assurance="asserted",
            roles=stakeholder.roles if stakeholder else (),
        )
