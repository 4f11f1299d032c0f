"""What is said of a vote beside its record: what changed since the last one, and why it may not count."""

from collections.abc import Iterator
from typing import Any

from roadlog.application import Done
from roadlog.cli import recorded
from roadlog.cli.program import program
from roadlog.domain.events import StakeholderAbstained, StakeholderApproved, StakeholderRejected


def tell(done: Done) -> None:
    """Prints what was recorded, what changed since the voter's last vote, and what the vote does not do."""
    changes, unasked = list(since_last_vote(done)), list(_unasked(done))
    _warn_of_unsigned(done)
    said = [*map(_sentence, changes), *(_not_asked(each) for each in unasked), *_to_sign(done)]
    texts = {"to_sign": list(done.texts)} if done.texts else {}
    recorded.tell(done, said=said, since_last_vote=changes, unasked=unasked, **texts)


def _warn_of_unsigned(done: Done) -> None:
    """Says so where the policy asks for a surer vote than was given."""
    from roadlog.domain.records import reaches
    from roadlog.domain.votes import DEMANDED

    for record in done.records:
        event, workflow = record.event, done.roadmap.workflow
        if isinstance(event, StakeholderApproved) and workflow is not None:
            demanded = workflow.policy.demanded(event.role)
            if not reaches(record.actor.assurance, demanded):
                program().warn(
                    f"The vote does not count until it is signed {DEMANDED[demanded]}: "
                    f"roadlog approve {record.stream} --role {event.role} --sign KEYFILE"
                )


def _to_sign(done: Done) -> Iterator[str]:
    """What a dry run would sign, line by line."""
    for text in done.texts:
        yield "This would be signed:"
        yield from text.splitlines()


def _unasked(done: Done) -> Iterator[dict[str, Any]]:
    """Those of the votes recorded that the gate does not ask for."""
    cast = {each.position for each in done.records}
    for gate in recorded.gates(done):
        for each in gate["unasked"]:
            if each["position"] in cast:
                yield {"key": gate["key"], **each}


def _not_asked(vote: dict[str, Any]) -> str:
    return (
        f"The gate of {vote['key']} does not ask {vote['role']}: the vote is on the record, and neither "
        "opens nor closes the gate."
    )


def since_last_vote(done: Done) -> Iterator[dict[str, Any]]:
    """For each vote: which parts of what was shown differ from what this person last voted on there."""
    for record in done.records:
        event = record.event
        if not isinstance(event, StakeholderApproved | StakeholderRejected | StakeholderAbstained):
            continue
        earlier = [
            vote
            for vote in done.initiatives[record.stream].approvals
            if (vote.stakeholder, vote.milestone, vote.role) == (record.actor.id, event.milestone, event.role)
            and vote.position < record.position
        ]
        if earlier:
            last = earlier[-1]
            parts = [part for part, digest in event.shown.items() if last.shown.get(part) != digest]
            yield {
                "key": record.stream,
                "position": last.position,
                "decision": last.decision,
                "changed": parts,
            }


def _sentence(change: dict[str, Any]) -> str:
    what = ", ".join(change["changed"])
    since = f"Since your last vote on {change['key']} (#{change['position']}, {change['decision']})"
    return f"{since}: {what} changed." if what else f"{since} nothing of it changed."
