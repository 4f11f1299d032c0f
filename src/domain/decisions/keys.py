"""Keys that sign approvals: who may enrol one for whom, which are taken, and when they sign no more."""

from roadlog.domain import ssh_keys
from roadlog.domain.commands import EnrolKey, RetireKey
from roadlog.domain.decisions.authority import require_role
from roadlog.domain.events import KeyEnrolled, KeyRetired
from roadlog.domain.folds.keys import Key
from roadlog.domain.moments import told
from roadlog.domain.refusals import Malformed, Refused, unknown
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted


def enrol(situation: Situation, command: EnrolKey) -> Events:
    """One's own key, or with a role that may enrol anybody's. Who has a key has it once, for one window."""
    handle = command.stakeholder
    _must_be_here(situation, handle)
    if handle != situation.actor:
        require_role(situation, situation.policy.may_enrol, f"enrol a key of {handle}")
    key = _read(command.public_key)
    since = command.valid_from or situation.at
    if command.valid_until is not None and command.valid_until <= max(since, situation.now):
        raise Malformed(
            "valid-until",
            f"The key would sign until {told(command.valid_until)}: that has passed, or comes before its "
            f"beginning, {told(since)}.",
            missing=("--until",),
        )
    there = next((each for each in situation.roadmap.keys_of(handle) if each.public_key == key.text), None)
    if there is None:
        return (
            KeyEnrolled(
                stakeholder=handle,
                public_key=key.text,
                valid_from=since,
                valid_until=command.valid_until,
            ),
        )
    asked = (command.valid_from or there.valid_from, command.valid_until)
    if there.retired_by is None and asked == (there.valid_from, there.valid_until):
        return ()
    raise _taken(there)


def retire(situation: Situation, command: RetireKey) -> Events:
    """One's own key, or with a role that may enrol anybody's."""
    handle = command.stakeholder
    if handle not in situation.roadmap.stakeholders:
        raise _nobody(situation, handle)
    if handle != situation.actor:
        require_role(situation, situation.policy.may_enrol, f"retire a key of {handle}")
    keys = {each.fingerprint: each for each in situation.roadmap.keys_of(handle)}
    if command.fingerprint not in keys:
        raise unknown("key", command.fingerprint, tuple(keys), try_=("roadlog key list",))
    if keys[command.fingerprint].retired_by is not None:
        return ()
    return (KeyRetired(stakeholder=handle, fingerprint=command.fingerprint),)


def _read(text: str) -> ssh_keys.PublicKey:
    try:
        return ssh_keys.read(text)
    except ssh_keys.BadKey as error:
        raise Malformed("public-key", f"That is no public key to enrol: {error}.") from error


def _must_be_here(situation: Situation, handle: str) -> None:
    there = situation.roadmap.stakeholders.get(handle)
    if there is None:
        raise _nobody(situation, handle)
    if there.left_at is not None:
        raise Refused(
            "left",
            f"{handle} has left {situation.roadmap.key}. Enrol them again first.",
            try_=(f"roadlog stakeholder add {quoted(handle)} --role ROLE",),
        )


def _nobody(situation: Situation, handle: str) -> Exception:
    known = tuple(situation.roadmap.stakeholders)
    return unknown("stakeholder", handle, known, try_=("roadlog stakeholder list",))


def _taken(key: Key) -> Refused:
    """A key's window never changes, and what was retired stays so: signatures mean what they meant."""
    until = f"until {told(key.valid_until)}" if key.valid_until else "without an end"
    fact = (
        f"was retired at position {key.retired_by}"
        if key.retired_by is not None
        else f"is enrolled already, from {told(key.valid_from)} {until}"
    )
    return Refused(
        "key-enrolled",
        f"The key {key.fingerprint} of {key.stakeholder} {fact}. Make another key, and enrol that.",
        missing=("another key",),
        try_=("roadlog key list",),
    )
