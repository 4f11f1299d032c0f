"""The key that signs the log's checkpoints: who may change it, and for which other."""

from roadlog.domain.commands import ChangeLogKey
from roadlog.domain.decisions.authority import require_human
from roadlog.domain.events import LogKeyChanged
from roadlog.domain.log_keys import key_id
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Events, Situation


def change(situation: Situation, command: ChangeLogKey) -> Events:
    """Any person may who has the key in force. A key that signed once never comes back.

    Who signed the change, only who can check signatures knows: `verify` does.
    """
    require_human(situation, "change the log's key")
    keys = situation.roadmap.log_keys
    if keys and command.old != keys[-1].key:
        raise Refused(
            "log-key",
            f"The key {key_id(command.old)} is not in force: {key_id(keys[-1].key)} is, since position "
            f"{keys[-1].position}.",
            missing=(f"the key {key_id(keys[-1].key)}",),
            try_=("roadlog key list --log",),
        )
    if command.new in {command.old, *(each.before for each in keys)}:
        raise Refused(
            "log-key",
            f"The key {key_id(command.new)} signed this log before, and does not come back: make another.",
            missing=("another key",),
            try_=("roadlog key rotate --because TEXT",),
        )
    return (LogKeyChanged(old=command.old, new=command.new, by_old=command.by_old, by_new=command.by_new),)
