"""The shapes in which Jira's REST interface gives issues, changelogs and accounts, as far as they are read.

As documented for Jira Cloud (versions 2 and 3) and Jira Server. Anything may be missing or null.
"""

from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0, le=2**53)]


class Account(Struct, frozen=True, rename="camel"):
    """Somebody. Jira Cloud gives the id of an account, Jira Server a name and a key. An `app` is nobody."""

    account_id: str | None = None
    key: str | None = None
    name: str | None = None
    display_name: str | None = None
    account_type: str | None = None


class Item(
    Struct, frozen=True, rename={"from_string": "fromString", "to_string": "toString", "from_": "from"}
):
    """One field that a history changed: ids and names, before and after."""

    field: str | None = None
    fieldtype: str | None = None
    from_: str | None = None
    from_string: str | None = None
    to: str | None = None
    to_string: str | None = None


class History(Struct, frozen=True):
    """An entry of a changelog: what somebody changed at one time."""

    id: str | int | None = None
    author: Account | None = None
    created: str | None = None
    items: list[Item] | None = None


class Changelog(Struct, frozen=True, rename="camel"):
    """Some of an issue's `total` histories: those from `start_at` on, or those before it, newest first."""

    start_at: Count | None = None
    total: Count | None = None
    histories: list[History] | None = None


class Status(Struct, frozen=True):
    """The status in which an issue is now."""

    id: str | None = None
    name: str | None = None


class Fields(Struct, frozen=True):
    """What an issue is now."""

    summary: str | None = None
    created: str | None = None
    creator: Account | None = None
    status: Status | None = None


class Issue(Struct, frozen=True):
    """An issue with its changelog; either may be left out."""

    key: str | None = None
    fields: Fields | None = None
    changelog: Changelog | None = None
