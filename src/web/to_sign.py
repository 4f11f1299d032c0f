"""An approval that is signed where the approver's key is: its text shown, its signature taken back.

The text names the time, the version and the record before it, so the form holds all three from when the text
was shown: what is signed then is what is recorded, or nothing is.
"""

import os
from datetime import datetime
from typing import NamedTuple

from roadlog.domain.approval_text import namespace
from roadlog.domain.events import StakeholderApproved
from roadlog.domain.moments import instant, rfc3339
from roadlog.domain.refusals import Malformed
from roadlog.machine import clock
from roadlog.reading import Reading
from roadlog.store import origin
from roadlog.trust.signing import GivenSignature
from roadlog.trust.sshsig import LARGEST
from roadlog.web.posted import Typed, file_of, text_of
from roadlog.web.wished import Filled, carry_out

AT = "at"
"""The hidden field that holds the time in the text."""
SIGNATURE, FILE = "signature", "signature_file"
"""A signature as it was pasted in, or as its file."""
NAME = "approval.txt"
"""What the text's file is called; ssh-keygen puts the signature into `approval.txt.sig`."""


class ToSign(NamedTuple):
    """What has to be signed, for what, and what the form has to hold until it is."""

    text: str
    namespace: str
    at: str
    version: int


def demanded(folder: str | os.PathLike[str], filled: Filled) -> bool:
    """Whether the policy counts this approval only when it is signed. Raises RoadlogError."""
    done = carry_out(folder, filled, version=filled.version, dry_run=True)
    workflow = done.roadmap.workflow
    roles = [each.event.role for each in done.records if isinstance(each.event, StakeholderApproved)]
    return workflow is not None and any(workflow.policy.demanded(role) != "asserted" for role in roles)


def to_sign(
    folder: str | os.PathLike[str], filled: Filled, *, at: datetime, version: int | None
) -> ToSign | None:
    """The text of the approval; None where it would say nothing new. Raises RoadlogError.

    version: the one that was shown to the approver; None is whichever there is
    """
    done = carry_out(folder, filled, at=at, version=version, signature=GivenSignature(""), dry_run=True)
    if not done.texts:
        return None
    with Reading(folder, now=clock()) as reading:
        first = reading.record(1)
    return ToSign(
        done.texts[0], namespace(origin(first.stream, first.leaf)), rfc3339(at), done.records[0].version - 1
    )


def is_shown(typed: Typed) -> bool:
    """Whether the form comes from the page that showed the text."""
    return bool(text_of(typed, AT))


async def given(typed: Typed) -> GivenSignature:
    """The signature that came with the form. Raises Malformed where none did."""
    file, text = file_of(typed, FILE), text_of(typed, SIGNATURE)
    if file is not None:
        text = (await file.read(LARGEST + 1)).decode("utf-8", "replace").replace("\r\n", "\n").strip()
    if not text:
        message = f"Give the signature that ssh-keygen made: the file {NAME}.sig, or what it holds."
        raise Malformed("signature", message, missing=(SIGNATURE,))
    return GivenSignature(f"{text}\n")


def at(typed: Typed) -> datetime:
    """The time in the text that was shown. Raises Malformed."""
    text = text_of(typed, AT)
    try:
        return instant(text)
    except (ValueError, OverflowError) as error:
        raise Malformed("time", f"at is no time: {text!r}.", missing=(AT,)) from error
