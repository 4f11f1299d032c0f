"""A form that somebody filled in and posted, and the wish that it is."""

import os
from datetime import datetime, tzinfo
from typing import NamedTuple

from roadlog.application import Done, Wish
from roadlog.domain.moments import rfc3339
from roadlog.trust.signing import GivenSignature
from roadlog.web import commands
from roadlog.web.asked import whole
from roadlog.web.filled_in import happened, values_of
from roadlog.web.forms import REASON, Form
from roadlog.web.posted import Typed, text_of
from roadlog.web.sessions import Session

COMMAND_ID, VERSION = "command_id", "expect_version"
"""The hidden fields by which a form is recorded once, and only on the version that it showed."""


class Filled(NamedTuple):
    """A form, who filled it in, of which initiative, and with what. zone: that of the times in it"""

    form: Form
    session: Session
    key: str
    typed: Typed
    zone: tzinfo

    @property
    def version(self) -> int | None:
        """The version that it was shown of. Raises Malformed."""
        return whole({VERSION: text_of(self.typed, VERSION)}, VERSION)


def carry_out(
    folder: str | os.PathLike[str],
    filled: Filled,
    *,
    at: datetime | None = None,
    version: int | None = None,
    signature: GivenSignature | None = None,
    dry_run: bool = False,
) -> Done:
    """Records it, as its holder's, asserted or signed. Raises RoadlogError.

    at: of a vote, the time that is signed
    """
    values = {"key": filled.key, **values_of(filled.form, filled.typed)}
    because = text_of(filled.typed, REASON) or None
    if at is None and not filled.form.compares:
        at = happened(filled.typed, filled.zone)
    wish = Wish(
        actor=filled.session.handle,
        at=at,
        reason=because,
        typed={"form": filled.form.slug, REASON: because, "at": rfc3339(at) if at else None, **values},
        command_id=text_of(filled.typed, COMMAND_ID) or None,
        expect_version=version,
        dry_run=dry_run,
        key=signature,
    )
    return commands.carry_out(folder, wish, filled.form.command, values, lax=True)
