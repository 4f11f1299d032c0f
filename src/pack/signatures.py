"""Signed approvals: each text that was signed with its signature, and whose keys may sign."""

from pathlib import Path

from roadlog.domain.events import StakeholderApproved
from roadlog.pack.scope import Scope
from roadlog.trust.allowed_signers import allowed_signers
from roadlog.trust.approvals import Texts

APPROVALS, SIGNERS = "approvals", "allowed_signers"


def write_signatures(scope: Scope, origin: str, folder: Path) -> int:
    """Writes the texts and signatures, and how ssh-keygen knows the keys. Gives how many are signed."""
    texts, count = Texts(origin), 0
    for record in scope.records:
        text, event = texts.take(record), record.event
        if text is not None and isinstance(event, StakeholderApproved) and event.signature is not None:
            (folder / APPROVALS).mkdir(exist_ok=True)
            (folder / APPROVALS / f"{record.position}.txt").write_text(text, encoding="utf-8")
            (folder / APPROVALS / f"{record.position}.sig").write_text(event.signature, encoding="utf-8")
            count += 1
    if scope.roadmap.keys:
        (folder / SIGNERS).write_text(allowed_signers(scope.roadmap.keys, origin), encoding="utf-8")
    return count
