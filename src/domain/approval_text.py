"""The text that an approver signs: line by line what the approval says, and where in which log it stands.

Its first line names the form. Each line after it is a name, a colon and a value in JSON, which holds no line
break. What the approver wrote, which may be long, stands there as the SHA-256 of its JSON with sorted keys.
"""

from typing import Any

import msgspec

from roadlog.domain.events import StakeholderApproved
from roadlog.domain.moments import rfc3339
from roadlog.domain.records import Record

FORM = "roadlog/approval/v1"
NAMESPACE = "approval@"
"""What a signature is made for: this, and the origin of the log. It is valid for nothing else."""


def namespace(origin: str) -> str:
    """The namespace of the signatures in a log."""
    return f"{NAMESPACE}{origin}"


def approval_text(
    record: Record, event: StakeholderApproved, *, origin: str, cycle: int, iteration: int, previous: str
) -> str:
    """The text of an approval, which its record and the place before it give again at any time.

    cycle, iteration: the initiative's before the approval, which changes neither
    previous: leaf of the stream's record before: what had been recorded of the initiative until then
    """
    lines: dict[str, Any] = {
        "origin": origin,
        "initiative": record.stream,
        "version": record.version,
        "previous": previous,
        "effective_at": rfc3339(record.effective_at),
        "stakeholder": record.actor.id,
        "role": event.role,
        "decision": "approved",
        "milestone": event.milestone,
        "cycle": cycle,
        "iteration": iteration,
        "subject": event.subject,
        "valid_until": None if event.valid_until is None else rfc3339(event.valid_until),
        "conditions": _digest(event.conditions),
        "statement": _digest(event.statement),
        "reason": _digest(record.reason),
    }
    return f"{FORM}\n" + "".join(
        f"{name}: {msgspec.json.encode(value).decode()}\n" for name, value in lines.items()
    )


def _digest(words: Any) -> str | None:
    """SHA-256 of what the approver wrote; None where that is nothing."""
    from hashlib import sha256

    return sha256(msgspec.json.encode(words, order="sorted")).hexdigest() if words else None
