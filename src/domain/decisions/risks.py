"""Risks: what may go wrong, scored, treated, accepted for a while, closed and opened again."""

from typing import assert_never

from roadlog.domain.commands import (
    AcceptRisk,
    AssessRisk,
    CloseRisk,
    LogRisk,
    MitigateRisk,
    ReopenRisk,
    RiskCommand,
)
from roadlog.domain.decisions.arguments import already, known, next_id, present, scale
from roadlog.domain.decisions.authority import require_human, require_role
from roadlog.domain.events import (
    RiskAccepted,
    RiskAssessed,
    RiskClosed,
    RiskLogged,
    RiskMitigated,
    RiskReopened,
)
from roadlog.domain.initiative import Risk
from roadlog.domain.moments import told
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.workflow import RISK_CATEGORIES


def decide(situation: Situation, command: RiskCommand) -> Events:
    """What a wish about a risk comes to. Raises Unknown, Malformed or Refused."""
    match command:
        case LogRisk():
            return _log(situation, command)
        case AssessRisk():
            return _assess(situation, command)
        case MitigateRisk():
            return _mitigate(situation, command)
        case AcceptRisk():
            return _accept(situation, command)
        case CloseRisk():
            risk = _risk(situation, command.risk)
            return (RiskClosed(risk=risk.id),) if risk.open else ()
        case ReopenRisk():
            risk = _risk(situation, command.risk)
            return () if risk.open else (RiskReopened(risk=risk.id),)
        case _:
            assert_never(command)


def _log(situation: Situation, command: LogRisk) -> Events:
    """The same open risk again, word for word and with the same scores, is already there."""
    known("category", command.category, RISK_CATEGORIES)
    _scores(command.likelihood, command.impact)
    present(situation, command.owner)
    event = RiskLogged(
        risk=next_id(situation.initiative, "R"),
        category=command.category,
        description=command.description,
        likelihood=command.likelihood,
        impact=command.impact,
        owner=command.owner,
        catalogue=command.catalogue,
    )
    risks = situation.initiative.risks.values()
    return () if any(each.open and already(each, event, but="risk") for each in risks) else (event,)


def _assess(situation: Situation, command: AssessRisk) -> Events:
    """The same scores again say something once the risk was treated: that nothing came of it."""
    _scores(command.likelihood, command.impact)
    risk = _open(situation, command.risk)
    same = (risk.likelihood, risk.impact) == (command.likelihood, command.impact)
    if same and risk.residual_likelihood is None:
        return ()
    return (RiskAssessed(risk=risk.id, likelihood=command.likelihood, impact=command.impact),)


def _mitigate(situation: Situation, command: MitigateRisk) -> Events:
    """What remains may be more than an earlier treatment hoped for, never more than the risk itself."""
    _scores(command.likelihood, command.impact)
    risk = _open(situation, command.risk)
    remains = command.likelihood * command.impact
    if remains > risk.score:
        raise Refused(
            "residual",
            f"A treatment leaves no more than there was: {risk.id} scores {risk.score}, "
            f"what remains would score {remains}. If the risk has grown, assess it first.",
            try_=(_assessing(situation, command),),
        )
    if (risk.treatment, risk.residual_likelihood, risk.residual_impact) == (
        command.treatment,
        command.likelihood,
        command.impact,
    ):
        return ()
    return (
        RiskMitigated(
            risk=risk.id, treatment=command.treatment, likelihood=command.likelihood, impact=command.impact
        ),
    )


def _accept(situation: Situation, command: AcceptRisk) -> Events:
    risk = _open(situation, command.risk)
    if command.until <= situation.at:
        raise Malformed(
            "until",
            f"An acceptance lapses after it was given: {told(command.until)} "
            f"is not after {told(situation.at)}.",
        )
    require_human(situation, "accept a risk")
    role = _accepting_role(situation, command)
    there = risk.accepted
    if there and (there.until, there.role, there.by) == (command.until, role, situation.actor):
        return ()
    return (RiskAccepted(risk=risk.id, until=command.until, role=role),)


def _accepting_role(situation: Situation, command: AcceptRisk) -> str:
    """The role to accept as: the one named, else the first that policy lets accept and the actor holds.

    Who is alone on the roadmap may accept as anything (rule 10).
    """
    may, held = situation.policy.may_accept_risk, situation.roles
    role = command.role
    if role is not None:
        known("role", role, situation.workflow.roles)
        if role not in may and not situation.alone:
            raise Refused(
                "authority",
                f"A risk is not accepted as {role}: the policy names {' and '.join(may) or 'no role'}.",
                missing=tuple(f"role:{each}" for each in may),
                try_=("roadlog workflow show",),
            )
        require_role(situation, (role,), f"accept a risk as {role}")
        return role
    require_role(situation, may, "accept a risk")
    return next(iter((*(each for each in may if each in held), *held, *may, *situation.workflow.roles)))


def _risk(situation: Situation, risk: str) -> Risk:
    state = situation.initiative
    return state.risks[known("risk", risk, state.risks, try_=(f"roadlog risk list {state.key}",))]


def _open(situation: Situation, given: str) -> Risk:
    risk = _risk(situation, given)
    if not risk.open:
        raise Refused(
            "closed",
            f"{risk.id} is closed. Open it again first.",
            try_=(f"roadlog risk reopen {situation.initiative.key} {risk.id} --because TEXT",),
        )
    return risk


def _scores(likelihood: int, impact: int) -> None:
    scale("likelihood", likelihood)
    scale("impact", impact)


def _assessing(situation: Situation, command: MitigateRisk) -> str:
    return (
        f"roadlog risk assess {situation.initiative.key} {command.risk}"
        f" --likelihood {command.likelihood} --impact {command.impact}"
    )
