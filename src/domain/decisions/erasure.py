"""Erasing what the directory holds of somebody: whose, by whom, and what holds of the handle afterwards."""

from roadlog.domain.commands import ErasePersonalData
from roadlog.domain.decisions.authority import needs_consent
from roadlog.domain.events import PersonalDataErased
from roadlog.domain.refusals import Refused, unknown
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted


def erase(situation: Situation, command: ErasePersonalData) -> Events:
    """Any stakeholder may ask, and a second person says yes (rule 11); who is alone may do it (rule 10)."""
    handle, roadmap = command.stakeholder, situation.roadmap
    if handle not in roadmap.stakeholders and not command.held:
        raise unknown("stakeholder", handle, tuple(roadmap.stakeholders), try_=("roadlog stakeholder list",))
    if handle in roadmap.erasures:
        return ()
    if not situation.alone and not situation.consented:
        _check_not_waiting(situation, handle)
        why = "What is erased cannot be had back, so that it takes a second person."
        return (needs_consent(situation, why, command),)
    return (PersonalDataErased(stakeholder=handle),)


def _check_not_waiting(situation: Situation, handle: str) -> None:
    """Refuse a second request while one waits: consenting to it would do nothing."""
    for each in situation.roadmap.consents.values():
        asked = each.command == ErasePersonalData.__name__ and each.arguments.get("stakeholder") == handle
        if asked and each.answer == "waiting":
            raise Refused(
                "waiting",
                f"{each.by} asked for that already, at position {each.request}: that waits for another.",
                missing=("second person",),
                try_=(f"roadlog consent {each.request}",),
            )


def check_not_erased(situation: Situation, handle: str, roles: tuple[str, ...]) -> None:
    """Refuse a name or an address for a handle that was erased: the directory never holds it again."""
    erased = situation.roadmap.erasures.get(handle)
    if erased is not None:
        again = "".join(f" --role {quoted(role)}" for role in roles)
        raise Refused(
            "erased",
            f"What the directory held of {handle} was erased at position {erased.position}, and a handle "
            "that was erased takes no name or address again. Enrol them without, or under another handle.",
            missing=(handle,),
            try_=(f"roadlog stakeholder add {quoted(handle)}{again}",),
        )
