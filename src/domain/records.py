"""The envelope: what stands around an event in the log, and who acted."""

from datetime import datetime
from typing import Generic, Literal, TypeVar, get_args

from msgspec import Struct

from roadlog.domain.events import Event, Time

E = TypeVar("E")

ActorKind = Literal["human", "agent", "system"]
Assurance = Literal["asserted", "signed", "hardware"]
"""How sure it is who acted, the least first: said so, signed, signed by a device that somebody touched."""


def reaches(given: Assurance, demanded: Assurance) -> bool:
    """Whether it is as sure as that who acted."""
    order = get_args(Assurance)
    return order.index(given) >= order.index(demanded)


class Actor(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Who acted: the handle, what kind of actor it is, how sure that is, and the roles held then."""

    id: str
    kind: ActorKind
    assurance: Assurance
    roles: tuple[str, ...]


class ImportSource(Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Where an imported record comes from: the format, the file's SHA-256, and the line or id in it."""

    format: str
    digest: str
    line: str


class Source(
    Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, rename={"imported": "import"}
):
    """By which program and which account of the operating system a record was typed."""

    client: Literal["cli", "web", "import", "api"]
    version: str
    os_user: str
    imported: ImportSource | None


class Body(
    Struct,
    Generic[E],
    frozen=True,
    gc=False,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"event": "data"},
):
    """The stored bytes of a record: the event with its envelope, as JSON with sorted keys.

    `schema` is the number of the event type's shape; `salt` is 128 random bits in hex, so that a withheld
    payload cannot be guessed from its hash.
    """

    schema: int
    effective_at: Time
    actor: Actor
    reason: str | None
    command_id: str
    source: Source
    workflow: str | None
    event: E
    salt: str


class Record(Struct, frozen=True, gc=False, kw_only=True):
    """An event with its envelope, as stored: the store's columns, and the body."""

    position: int
    stream: str
    version: int
    recorded_at: datetime
    leaf: str
    body: Body[Event]

    @property
    def event(self) -> Event:
        return self.body.event

    @property
    def type(self) -> str:
        return type(self.body.event).__name__

    @property
    def effective_at(self) -> datetime:
        return self.body.effective_at

    @property
    def actor(self) -> Actor:
        return self.body.actor

    @property
    def reason(self) -> str | None:
        return self.body.reason
