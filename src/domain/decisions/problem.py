"""Problem decisions: how an initiative comes onto the roadmap, and the problem first."""

from typing import assert_never

from roadlog.domain.commands import (
    AddDependency,
    AdoptInitiative,
    ChangeOwner,
    ClassifyPurpose,
    ConsultStakeholder,
    DefineProblem,
    MeasureOutcome,
    PlaceInitiative,
    ProblemCommand,
    ReframeProblem,
    RemoveDependency,
    SetExpectation,
    TargetOutcome,
)
from roadlog.domain.decisions import reasons
from roadlog.domain.decisions.arguments import known, present
from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.decisions.outcomes import expect, first_outcome, measure, target
from roadlog.domain.decisions.plan import (
    add_dependency,
    change_owner,
    classify,
    consult,
    place,
    remove_dependency,
)
from roadlog.domain.events import InitiativeAdopted, ProblemDefined, ProblemReframed
from roadlog.domain.moments import told
from roadlog.domain.refusals import Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import quoted


def decide(situation: Situation, command: ProblemCommand) -> Events:
    """The events of one problem command, none where already so. Raises Refused, Malformed or Unknown."""
    match command:
        case DefineProblem():
            return _define(situation, command)
        case AdoptInitiative():
            return _adopt(situation, command)
        case ReframeProblem():
            return _reframe(situation, command)
        case ChangeOwner():
            return change_owner(situation, command)
        case PlaceInitiative():
            return place(situation.initiative, command)
        case AddDependency():
            return add_dependency(situation, command)
        case RemoveDependency():
            return remove_dependency(situation, command)
        case ClassifyPurpose():
            return classify(situation.initiative, command)
        case SetExpectation():
            return expect(situation, command)
        case TargetOutcome():
            return target(situation, command)
        case MeasureOutcome():
            return measure(situation, command)
        case ConsultStakeholder():
            return consult(situation, command)
        case _:
            assert_never(command)


def _define(situation: Situation, command: DefineProblem) -> Events:
    """Rule 1. A new initiative, or the problem of an adopted one that has none yet."""
    state = situation.initiative
    if state.problem is not None:
        raise Refused(
            "defined",
            f"{state.key} has its problem already. To see it differently is to reframe it.",
            try_=(f"roadlog reframe {state.key} --problem TEXT --because WHY",),
        )
    present(situation, command.owner)
    words = _solution_words(
        situation,
        (command.title, command.problem),
        allowed=command.allow_solution,
        again="roadlog define TITLE --problem TEXT" + (f" --for {state.key}" if state.exists else ""),
    )
    return (
        ProblemDefined(
            key=state.key if state.exists else situation.next_key,
            title=command.title,
            problem=command.problem,
            outcome=first_outcome(command),
            segments=tuple(dict.fromkeys(command.segments)),
            approach=command.approach,
            owner=command.owner or state.owner,
            solution_words=words,
        ),
    )


def _solution_words(
    situation: Situation, texts: tuple[str | None, ...], *, allowed: bool, again: str
) -> tuple[str, ...]:
    """The words that propose a technology, where they are allowed with a reason; else Refused names them."""
    if not situation.policy.problem_first:
        return ()
    from roadlog.domain.problem_first import EXAMPLE, check

    found = [word for text in texts if text is not None for word in check(text).proposes]
    words = tuple({word.casefold(): word for word in reversed(found)}.values())[::-1]
    if not words:
        return ()
    proposes = "proposes" if len(words) == 1 else "propose"
    named = ", ".join(f"“{word}”" for word in words) + f" {proposes} a technology"
    if not allowed:
        raise Refused(
            "problem-first",
            f"A problem says what hurts for whom; {named}. That belongs in --approach.\n"
            f"For example: “{EXAMPLE}”\n(--allow-solution and --because WHY record it as it is.)",
            missing=("--approach",),
            try_=(f"{again} --approach {quoted(', '.join(words))}",),
        )
    needed = f"{named}: --allow-solution needs a reason."
    reasons.require(situation, needed, try_=(f"{again} --allow-solution --because WHY",))
    return words


def _adopt(situation: Situation, command: AdoptInitiative) -> Events:
    """Work already under way: it stands in a milestone, and its earlier gates are not evidenced here."""
    state, workflow = situation.initiative, situation.workflow
    if state.exists:
        raise Refused(
            "exists",
            f"{state.key} is on the roadmap already.",
            try_=(f"roadlog show {state.key}",),
        )
    known("milestone", command.milestone, workflow.order, try_=("roadlog workflow show",))
    present(situation, command.owner)
    if command.since > situation.at:
        raise Refused(
            "future",
            f"It cannot stand there since {told(command.since)}, which is after it is adopted.",
            try_=("roadlog adopt TITLE --in MILESTONE --since DATE",),
        )
    cycle, iteration, visit = numbers_after(state, workflow, command.milestone, backward=False)
    return (
        InitiativeAdopted(
            key=situation.next_key,
            title=command.title,
            milestone=command.milestone,
            since=command.since,
            owner=command.owner,
            origin="under-way",
            cycle=cycle,
            iteration=iteration,
            visit=visit,
        ),
    )


def _reframe(situation: Situation, command: ReframeProblem) -> Events:
    """Only what changes is recorded, and only that is read again for technology."""
    state = situation.initiative
    if state.problem is None:
        raise Refused(
            "problem",
            f"{state.key} has no problem yet to see differently.",
            try_=(f"roadlog define {quoted(state.title)} --problem TEXT --for {state.key}",),
        )
    title = None if command.title == state.title else command.title
    problem = None if command.problem == state.problem else command.problem
    segments = None if command.segments is None else tuple(dict.fromkeys(command.segments))
    segments = None if segments == state.segments else segments
    approach = None if command.approach == state.approach else command.approach
    if all(each is None for each in (title, problem, segments, approach)):
        return ()
    words = _solution_words(
        situation,
        (title, problem),
        allowed=command.allow_solution,
        again=f"roadlog reframe {state.key} --problem TEXT",
    )
    return (
        ProblemReframed(
            title=title, problem=problem, segments=segments, approach=approach, solution_words=words
        ),
    )
