"""Whether work goes on (rule 4): what is paused, stopped or retired takes no moves."""

from roadlog.domain.initiative import InitiativeState
from roadlog.domain.refusals import Refused


def must_go_on(state: InitiativeState) -> None:
    """Rule 4: raises Refused while the initiative is paused, stopped or retired."""
    key = state.key
    if state.retired:
        raise Refused(
            "retired",
            f"{key} is retired: its product is no longer offered. What comes next is a new initiative.",
            try_=("roadlog define TITLE --problem TEXT",),
        )
    if state.stopped:
        raise Refused("stopped", f"{key} is stopped.", try_=(f"roadlog reopen {key} --because WHY",))
    if state.paused:
        raise Refused("paused", f"{key} is paused.", try_=(f"roadlog resume {key}",))
