"""Which votes count at a gate, and why the others do not (rule 5)."""

from datetime import datetime

from msgspec import Struct

from roadlog.domain import subject
from roadlog.domain.initiative import InitiativeState, Vote
from roadlog.domain.requirements import Finding, NotCounted, Stale, listed
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow


class Poll(Struct, frozen=True, kw_only=True):
    """The votes on one gate, and what they are judged against: the subject as it is today."""

    state: InitiativeState
    roadmap: RoadmapState
    milestone: str | None
    renew: bool
    at: datetime
    digest: str
    parts: dict[str, str]

    def of(self, role: str) -> tuple[Vote, ...]:
        """Every vote on this gate in that role up to the moment, of any cycle, in log order."""
        votes = (
            each for each in self.state.approvals if each.role == role and each.milestone == self.milestone
        )
        return tuple(each for each in votes if each.at <= self.at)

    def stands(self, vote: Vote) -> bool:
        """The latest vote of each stakeholder in a role stands, in its cycle, until withdrawn."""
        return vote.cycle == self.state.cycle and vote.superseded_by is None and vote.withdrawn_by is None


def poll(
    state: InitiativeState, workflow: Workflow, milestone: str | None, at: datetime, roadmap: RoadmapState
) -> Poll:
    """The poll of one gate. Without a vote on it the subject is not looked at."""
    voted = any(each.milestone == milestone for each in state.approvals)
    shown = subject.content(state, workflow, milestone) if voted else {}
    return Poll(
        state=state,
        roadmap=roadmap,
        milestone=milestone,
        renew=milestone is not None and workflow.milestone(milestone).renew,
        at=at,
        digest=subject.digest_of(shown),
        parts=subject.parts_of(shown),
    )


def approvals(poll: Poll, roles: tuple[str, ...], *, one_role_per_person: bool) -> dict[str, Finding]:
    """For each role, whether it approved. Where one person counts once, as many roles as can be have one."""
    counting = {role: tuple(each for each in poll.of(role) if counts(poll, each)) for role in roles}
    free = {role: () if _rejections(poll, role) else votes for role, votes in counting.items()}
    places = assign(free) if one_role_per_person else {}
    return {role: _finding(poll, role, free[role], places) for role in roles}


def counts(poll: Poll, vote: Vote) -> bool:
    """Whether the vote is an approval that counts here, but for the rule that one person counts once."""
    return vote.decision == "approved" and vote.subject == poll.digest and _objection(poll, vote) is None


def assign(counting: dict[str, tuple[Vote, ...]]) -> dict[str, str]:
    """Person to role, so that the most roles are satisfied: a maximum matching (Kuhn's augmenting paths).

    Roles are served in the order given and votes in log order, so that the answer is always the same. A
    person who is needed nowhere counts for the first of the roles they voted in.
    """
    places: dict[str, str] = {}

    def serve(role: str, tried: set[str]) -> bool:
        for vote in counting[role]:
            person = vote.stakeholder
            if person in tried:
                continue
            tried.add(person)
            if person not in places or serve(places[person], tried):
                places[person] = role
                return True
        return False

    for role in counting:
        serve(role, set())
    for role, votes in counting.items():
        for vote in votes:
            places.setdefault(vote.stakeholder, role)
    return places


def _finding(poll: Poll, role: str, counting: tuple[Vote, ...], places: dict[str, str]) -> Finding:
    by = tuple(each for each in counting if places.get(each.stakeholder, role) == role)
    stale = tuple(
        Stale(position=each.position, fields=_differing(each.shown, poll.parts))
        for each in poll.of(role)
        if poll.stands(each) and each.decision != "abstained" and each.subject != poll.digest
    )
    not_counted = tuple(
        NotCounted(position=each.position, why=why)
        for each in poll.of(role)
        if each not in by and (why := _objection(poll, each) or _elsewhere(poll, each, places))
    )
    if by:
        text = f"Approval by {role}{_carried(poll, by)}"
        return Finding(
            met=True, text=text, by=tuple(each.position for each in by), stale=stale, not_counted=not_counted
        )
    return Finding(
        met=False,
        text=f"Approval by {role}: {_lack(poll, role, stale, not_counted)}",
        stale=stale,
        not_counted=not_counted,
        try_=_way_out(poll, role),
    )


def _objection(poll: Poll, vote: Vote) -> str | None:
    """Why a vote does not count as an approval, staleness apart; None when nothing speaks against it."""
    state, voter = poll.state, vote.stakeholder
    edited = state.edited.get(voter, 0)
    late = [
        each.id for each in vote.conditions if each.met_by is None and each.due and each.due < poll.at.date()
    ]
    objections = (
        (vote.cycle != state.cycle, f"{vote.decision} in cycle {vote.cycle}"),
        (vote.superseded_by is not None, f"superseded by {voter}'s vote at position {vote.superseded_by}"),
        (vote.withdrawn_by is not None, f"withdrawn at position {vote.withdrawn_by}"),
        (not vote.held, f"{voter} did not hold the role {vote.role}"),
        (vote.decision == "abstained", f"{voter} abstained"),
        (vote.decision == "rejected", _rejected(poll, vote)),
        (vote.kind != "human", f"{voter} is no human ({vote.kind})"),
        (voter == state.owner, f"{voter} is the owner"),
        (edited > vote.position, f"{voter} edited the subject at position {edited}, after the vote"),
        (
            vote.valid_until is not None and vote.valid_until <= poll.at,
            f"expired on {_day(vote.valid_until)}",
        ),
        (
            bool(late),
            f"{listed(late)} was due and is not met" if len(late) == 1 else f"{listed(late)} were due",
        ),
        (
            poll.renew and vote.iteration != state.iteration,
            f"given in iteration {vote.iteration}; this gate asks anew in each",
        ),
    )
    return next((why for holds, why in objections if holds), None)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.date().isoformat()


def _rejections(poll: Poll, role: str) -> tuple[Vote, ...]:
    """The rejections that keep the role's requirement unmet, stale or not."""
    return tuple(
        each
        for each in poll.of(role)
        if each.decision == "rejected"
        and each.held
        and poll.stands(each)
        and poll.roadmap.holds(each.stakeholder, role)
    )


def _rejected(poll: Poll, vote: Vote) -> str:
    if poll.roadmap.holds(vote.stakeholder, vote.role):
        return f"{vote.stakeholder} rejected"
    return f"{vote.stakeholder} rejected, and holds the role {vote.role} no more"


def _elsewhere(poll: Poll, vote: Vote, places: dict[str, str]) -> str | None:
    """Why an approval that counts is still not what meets this requirement; None for one that does not."""
    if not counts(poll, vote):
        return None
    rejections = _rejections(poll, vote.role)
    if rejections:
        return f"the rejection by {listed([each.stakeholder for each in rejections])} stands"
    return f"{vote.stakeholder} counts once a gate, here as {places[vote.stakeholder]}"


def _differing(shown: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in sorted({*shown, *now}) if shown.get(name) != now.get(name))


def _carried(poll: Poll, by: tuple[Vote, ...]) -> str:
    """Says so when the role rests on votes of earlier iterations alone."""
    fresh = any(each.iteration == poll.state.iteration for each in by)
    return "" if fresh else f" (carried from position {by[0].position})"


def _lack(poll: Poll, role: str, stale: tuple[Stale, ...], not_counted: tuple[NotCounted, ...]) -> str:
    rejections = _rejections(poll, role)
    if rejections:
        return f"rejected by {listed([each.stakeholder for each in rejections])}"
    if stale:
        return f"{listed(stale[-1].fields)} changed since the vote"
    return not_counted[-1].why if not_counted else "not given yet"


def _way_out(poll: Poll, role: str) -> str:
    """Vote; where nobody could, enrol somebody; for somebody who works alone, waive."""
    key, people = poll.state.key, poll.roadmap.present()
    if any(
        role in each.roles and each.kind == "human" and each.handle != poll.state.owner for each in people
    ):
        return f"roadlog approve {key} --role {role}"
    if len(people) > 1:
        return f"roadlog stakeholder add HANDLE --role {role}"
    return f"roadlog waive {key} approval:{role} --until DATE --because TEXT"
