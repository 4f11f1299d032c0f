"""Decisions: a command in a situation becomes events, nothing, or a refusal. One file a subject.

`decide` holds the rules that every command is under; the subject's own rules stand in its file, imported only
when it is needed, because the command line starts anew for every command.
"""

from typing import Any, Literal, assert_never, get_args

from roadlog.domain.commands import (
    AnswerConsent,
    ApprovalCommand,
    Command,
    EvidenceCommand,
    ExperimentCommand,
    MilestoneCommand,
    OpenRoadmap,
    ProblemCommand,
    RiskCommand,
    RoadmapCommand,
    SafeguardCommand,
)
from roadlog.domain.decisions import in_time, reasons
from roadlog.domain.decisions.authority import holders, needs_consent
from roadlog.domain.events import ROADMAP_EVENTS, ConsentRequested, Event
from roadlog.domain.limits import check_command, check_text
from roadlog.domain.order import subject_of
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Situation
from roadlog.domain.wording import quoted

Subject = Literal[
    "people", "problem", "milestones", "approvals", "risks", "safeguards", "experiments", "evidence"
]

# By type, because to ask of each union costs more than the rest; each subject is complete by assert_never.
_UNIONS: tuple[tuple[Any, Subject], ...] = (
    (RoadmapCommand, "people"),
    (ProblemCommand, "problem"),
    (MilestoneCommand, "milestones"),
    (ApprovalCommand, "approvals"),
    (RiskCommand, "risks"),
    (SafeguardCommand, "safeguards"),
    (ExperimentCommand, "experiments"),
    (EvidenceCommand, "evidence"),
)
SUBJECTS = {kind: subject for union, subject in _UNIONS for kind in get_args(union)}


def decide(situation: Situation, command: Command) -> tuple[Event, ...]:
    """What the command records: events, none when it is already so, or a request for consent.

    Raises Malformed or Unknown for what cannot be, Refused for what a rule forbids.
    """
    _check_input(situation, command)
    _check_actor(situation, command)
    in_time.check_time(situation)
    recorded = _decide_subject(situation, command)
    reasons.check(situation, command, recorded)
    _check_order(situation, recorded)
    in_time.check_not_given_before(situation, command, recorded)
    return _ask_for_consent(situation, command, recorded)


def _decide_subject(situation: Situation, command: Any) -> tuple[Event, ...]:
    """Hand the command to the file of its subject."""
    subject = SUBJECTS[type(command)]
    match subject:
        case "people":
            from roadlog.domain.decisions import people

            return people.decide(situation, command)
        case "problem":
            from roadlog.domain.decisions import problem

            return problem.decide(situation, command)
        case "milestones":
            from roadlog.domain.decisions import milestones

            return milestones.decide(situation, command)
        case "approvals":
            from roadlog.domain.decisions import approvals

            return approvals.decide(situation, command)
        case "risks":
            from roadlog.domain.decisions import risks

            return risks.decide(situation, command)
        case "safeguards":
            from roadlog.domain.decisions import safeguards

            return safeguards.decide(situation, command)
        case "experiments":
            from roadlog.domain.decisions import experiments

            return experiments.decide(situation, command)
        case "evidence":
            from roadlog.domain.decisions import evidence

            return evidence.decide(situation, command)
        case _:
            assert_never(subject)


def _check_input(situation: Situation, command: Command) -> None:
    """Sizes, numbers and characters of all that was typed."""
    check_command(command)
    check_text("reason", situation.reason or "", may_be_blank=True)
    if situation.at.tzinfo is None:
        raise Malformed("time", f"The effective time {situation.at} has no offset from UTC.")


def _check_actor(situation: Situation, command: Command) -> None:
    """Every actor is a stakeholder (rule 10), but for the one who opens the roadmap."""
    if isinstance(command, OpenRoadmap):
        check_text("acting handle", situation.actor)
        return
    roadmap = situation.roadmap
    stakeholder = roadmap.stakeholders.get(situation.actor)
    if stakeholder is not None and stakeholder.left_at is None:
        return
    fact = "is no stakeholder of" if stakeholder is None else "has left"
    by = " or ".join(holders(situation, situation.policy.may_enrol)) or "somebody"
    raise Refused(
        "actor",
        f"{situation.actor!r} {fact} {roadmap.key}. --as says who you are; {by} can enrol you "
        f"with: roadlog stakeholder add {quoted(situation.actor)} --role ROLE",
        missing=(situation.actor,),
        try_=("roadlog stakeholder list",),
    )


def _check_order(situation: Situation, recorded: tuple[Event, ...]) -> None:
    """Each event comes after the latest of its own subject (rule 8)."""
    for event in recorded:
        subject = subject_of(event, situation.actor)
        if subject is not None:
            on_roadmap = type(event) in ROADMAP_EVENTS
            in_time.check_order(situation, subject, type(event).__name__, on_roadmap=on_roadmap)


def _ask_for_consent(
    situation: Situation, command: Command, recorded: tuple[Event, ...]
) -> tuple[Event, ...]:
    """What was decided or, where it lies too far back, a request for consent (rules 8, 11).

    For the only human, and when the roadmap is opened, there is nobody to ask (rule 10).
    """
    limit = situation.policy.max_backdate_days
    if not recorded or not in_time.is_old(situation) or situation.consented or situation.alone:
        return recorded
    if isinstance(command, OpenRoadmap) or any(isinstance(each, ConsentRequested) for each in recorded):
        return recorded
    if isinstance(command, AnswerConsent):
        raise Refused(
            "backdating",
            f"A consent is given when it is typed, not more than {limit} days before.",
            try_=(f"roadlog consent {command.request}",),
        )
    why = f"It happened more than {limit} days before it was typed (max_backdate_days)."
    return (needs_consent(situation, why, command),)
