"""What a write recorded, as JSON: records, the gate of a dry run, the next thing owed, what a vote did."""

from collections.abc import Iterator
from typing import Any

from roadlog.application import Done
from roadlog.domain.events import (
    ApprovalRequested,
    ConsentRequested,
    StakeholderAbstained,
    StakeholderApproved,
    StakeholderRejected,
)
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState

Vote = StakeholderApproved | StakeholderRejected | StakeholderAbstained


def as_json(done: Done) -> dict[str, Any]:
    """The answer of a write (cli.md): records, whether it was a dry run, and what is owed next."""
    from roadlog.projections.records import record_json

    keys = touched(done) or tuple(done.initiatives)
    answer: dict[str, Any] = {
        "initiative": keys[0] if len(keys) == 1 else None,
        "records": [record_json(each) for each in done.records],
        "dry_run": done.dry_run,
        "next": owed_next(done),
    }
    if done.replayed:
        answer["replayed"] = True
    if done.dry_run:
        answer["gates"] = gates(done)
    waiting = waiting_for_consent(done)
    if waiting:
        answer["consent"] = [
            {"position": each.position, "may": list(consenting(done.roadmap, each))} for each in waiting
        ]
    return answer


def vote_json(done: Done) -> dict[str, Any]:
    """What the answer of a vote says beside its records: what changed since this person's last vote, which
    votes the gate does not ask for, and what a dry run would sign.
    """
    return {
        "since_last_vote": list(since_last_vote(done)),
        "unasked": list(unasked(done)),
        **({"to_sign": list(done.texts)} if done.texts else {}),
    }


def warnings(done: Done) -> Iterator[str]:
    """What whoever recorded it should know: votes that do not count yet, roles asked in vain."""
    for record in done.records:
        if isinstance(record.event, StakeholderApproved):
            yield from _unsigned(done, record, record.event)
        elif isinstance(record.event, ApprovalRequested):
            yield from _unanswerable(done, record, record.event)
            yield from _beside_the_gate(done, record, record.event)


def _unsigned(done: Done, record: Record, event: StakeholderApproved) -> Iterator[str]:
    """Where the policy asks for a surer vote than was given."""
    from roadlog.domain.records import reaches
    from roadlog.domain.votes import DEMANDED

    workflow = done.roadmap.workflow
    demanded = workflow.policy.demanded(event.role) if workflow else "asserted"
    if not reaches(record.actor.assurance, demanded):
        yield (
            f"The vote does not count until it is signed {DEMANDED[demanded]}: "
            f"roadlog approve {record.stream} --role {event.role} --sign KEYFILE"
        )


def _unanswerable(done: Done, record: Record, event: ApprovalRequested) -> Iterator[str]:
    """Of the roles asked, those that no person holds, the owner left out."""
    from roadlog.domain.votes import voters

    for role in event.roles:
        if not voters(done.initiatives[record.stream], done.roadmap, role):
            yield (
                f"Nobody here can answer as {role}: no person but the owner could vote. "
                f"Enrol one: roadlog stakeholder add HANDLE --role {role}"
            )


def _beside_the_gate(done: Done, record: Record, event: ApprovalRequested) -> Iterator[str]:
    """Of the roles asked, those that the gate does not ask."""
    from roadlog.domain.gate import asked_roles
    from roadlog.projections.standing import workflow_of

    needed = asked_roles(done.initiatives[record.stream], workflow_of(done.roadmap))
    for role in event.roles:
        if role not in needed:
            yield (
                f"The gate of {record.stream} does not ask {role}: an answer is on the record, and neither "
                "opens nor closes the gate."
            )


def touched(done: Done) -> tuple[str, ...]:
    """The initiatives that got records, in order."""
    streams = dict.fromkeys(each.stream for each in done.records)
    return tuple(each for each in streams if each in done.initiatives and each != done.roadmap.key)


def owed_next(done: Done) -> list[dict[str, Any]]:
    """What is owed on the initiatives that got records, by whomever: the next step first."""
    keys = touched(done)
    if not keys:
        return []
    from roadlog.projections.owed import next_for

    return [each for key in keys for each in next_for(done.initiatives[key], done.roadmap, done.now)]


def gates(done: Done) -> list[dict[str, Any]]:
    """The gate of each initiative that a dry run would change, as it would stand then."""
    from roadlog.projections.gates import gate_answer

    keys = touched(done) or tuple(each for each, state in done.initiatives.items() if state.exists)
    return [gate_answer(done.initiatives[key], done.roadmap, done.now) for key in keys]


def waiting_for_consent(done: Done) -> tuple[Record, ...]:
    """The records that only ask for a second person's yes."""
    return tuple(each for each in done.records if isinstance(each.event, ConsentRequested))


def consenting(roadmap: RoadmapState, request: Record) -> tuple[str, ...]:
    """Who may say yes: every other person who is present."""
    return tuple(each.handle for each in roadmap.humans() if not roadmap.same(each.handle, request.actor.id))


def unasked(done: Done) -> Iterator[dict[str, Any]]:
    """Those of the votes recorded that the gate does not ask for."""
    cast = {each.position for each in done.records}
    for gate in gates(done):
        for each in gate["unasked"]:
            if each["position"] in cast:
                yield {"key": gate["key"], **each}


def since_last_vote(done: Done) -> Iterator[dict[str, Any]]:
    """For each vote: which parts of what was shown differ from what this person last voted on there."""
    for record in done.records:
        event = record.event
        if not isinstance(event, Vote):
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


def since_sentence(change: dict[str, Any]) -> str:
    """What `since_last_vote` found, in words."""
    what = ", ".join(change["changed"])
    since = f"Since your last vote on {change['key']} (#{change['position']}, {change['decision']})"
    return f"{since}: {what} changed." if what else f"{since} nothing of it changed."


def unasked_sentence(vote: dict[str, Any]) -> str:
    """What `unasked` found, in words."""
    return (
        f"The gate of {vote['key']} does not ask {vote['role']}: the vote is on the record, and neither "
        "opens nor closes the gate."
    )
