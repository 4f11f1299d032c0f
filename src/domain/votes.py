"""Which votes count at a gate, and why the others do not (rule 5)."""

from datetime import datetime

from msgspec import Struct

from roadlog.domain import subject
from roadlog.domain.initiative import InitiativeState, Vote
from roadlog.domain.records import Assurance, reaches
from roadlog.domain.requirements import Finding, NotCounted, Stale
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.wording import listed, parts_in_words
from roadlog.domain.workflow import Policy, Workflow

People = dict[str, tuple[str, ...]]
"""For each role, who approved in it, where one person counts once; empty where nobody counts the roles."""

DEMANDED: dict[Assurance, str] = {
    "asserted": "",
    "signed": "with a key, as the policy asks of that role",
    "hardware": "with a key in hardware, as the policy asks of that role",
}


class GateVotes(Struct, frozen=True, kw_only=True):
    """The votes on one gate, and what they are judged against: the subject as it is today."""

    state: InitiativeState
    roadmap: RoadmapState
    policy: Policy
    milestone: str | None
    renew: bool
    at: datetime
    digest: str
    shown: subject.Content

    def of(self, role: str) -> tuple[Vote, ...]:
        """Every vote on this gate in that role, of any cycle, in log order."""
        return tuple(
            each for each in self.state.approvals if each.role == role and each.milestone == self.milestone
        )

    def stands(self, vote: Vote) -> bool:
        """The latest vote of each stakeholder in a role stands, in its cycle, until withdrawn."""
        return vote.cycle == self.state.cycle and vote.stands

    def voter(self, vote: Vote) -> str:
        """Who voted: handles that ever had a key in common are one person."""
        return self.roadmap.person(vote.stakeholder)

    def edited(self, vote: Vote) -> int:
        """Position of the voter's latest edit of the subject, 0 without one."""
        edits = self.state.edited.items()
        return max((at for each, at in edits if self.roadmap.same(each, vote.stakeholder)), default=0)


def votes_on(
    state: InitiativeState, workflow: Workflow, milestone: str | None, at: datetime, roadmap: RoadmapState
) -> GateVotes:
    """The votes on one gate. Without any the subject is not looked at."""
    voted = any(each.milestone == milestone for each in state.approvals)
    shown = subject.content(state, workflow, milestone) if voted else {}
    return GateVotes(
        state=state,
        roadmap=roadmap,
        policy=workflow.policy,
        milestone=milestone,
        renew=milestone is not None and workflow.milestone(milestone).renew,
        at=at,
        digest=subject.digest_of(shown) if voted else "",
        shown=shown,
    )


def approvals(here: GateVotes, roles: tuple[str, ...], *, one_role_per_person: bool) -> dict[str, Finding]:
    """For each role, whether it approved. Where one person counts once, as many roles as can be have one."""
    counting = {role: tuple(each for each in here.of(role) if counts(here, each)) for role in roles}
    free = {role: () if _rejections(here, role) else votes for role, votes in counting.items()}
    people: People = {}
    if one_role_per_person:
        people = {role: tuple(map(here.voter, votes)) for role, votes in free.items()}
    places = assign(people)
    return {role: _finding(here, role, free[role], people, places) for role in roles}


def standing_votes(state: InitiativeState, handle: str) -> tuple[Vote, ...]:
    """Somebody's votes that stand on the gate where the initiative is."""
    here = (handle, state.milestone, state.cycle)
    return tuple(
        each
        for each in state.approvals
        if each.stands and (each.stakeholder, each.milestone, each.cycle) == here
    )


def counts(here: GateVotes, vote: Vote) -> bool:
    """Whether the vote is an approval that counts here, but for the rule that one person counts once."""
    return vote.decision == "approved" and vote.subject == here.digest and _objection(here, vote) is None


def voters(state: InitiativeState, roadmap: RoadmapState, role: str) -> tuple[str, ...]:
    """Who could give an approval that counts: people who hold the role, the owner left out."""
    return voters_beside(state.owner, roadmap, role)


def voters_beside(owner: str | None, roadmap: RoadmapState, role: str) -> tuple[str, ...]:
    """Likewise, of an initiative of which only the owner is known."""
    return tuple(
        each.handle
        for each in roadmap.humans()
        if role in each.roles and not roadmap.same(each.handle, owner)
    )


def signing(policy: Policy, role: str) -> str:
    """What a command that approves in a role ends in, where the policy asks for a signature."""
    return "" if policy.demanded(role) == "asserted" else " --sign KEYFILE"


def assign(people: People) -> dict[str, str]:
    """Person to role, so that the most roles are satisfied: a maximum matching (Kuhn's augmenting paths).

    `people` are those who may count in each role. Roles are served in the order given and people in log
    order, so that the answer is always the same. Who is needed nowhere counts for the first of their roles.
    """
    places: dict[str, str] = {}

    def serve(role: str, tried: set[str]) -> bool:
        for person in people[role]:
            if person in tried:
                continue
            tried.add(person)
            if person not in places or serve(places[person], tried):
                places[person] = role
                return True
        return False

    for role in people:
        serve(role, set())
    for role, able in people.items():
        for person in able:
            places.setdefault(person, role)
    return places


def _finding(
    here: GateVotes, role: str, counting: tuple[Vote, ...], people: People, places: dict[str, str]
) -> Finding:
    by = tuple(each for each in counting if places.get(here.voter(each), role) == role)
    stale = tuple(
        Stale(position=each.position, fields=_differing(each.shown, subject.parts_of(here.shown)))
        for each in here.of(role)
        if here.stands(each) and each.decision != "abstained" and each.subject != here.digest
    )
    not_counted = tuple(
        NotCounted(position=each.position, why=why)
        for each in here.of(role)
        if each not in by and (why := _objection(here, each) or _elsewhere(here, each, places))
    )
    if by:
        text = f"Approval by {role}{_carried(here, by)}"
        return Finding(
            met=True, text=text, by=tuple(each.position for each in by), stale=stale, not_counted=not_counted
        )
    return Finding(
        met=False,
        text=f"Approval by {role}: {_lack(here, role, stale, not_counted)}",
        stale=stale,
        not_counted=not_counted,
        try_=_way_out(here, role, people),
    )


def _objection(here: GateVotes, vote: Vote) -> str | None:
    """Why a vote does not count as an approval, staleness apart; None when nothing speaks against it."""
    state, voter = here.state, vote.stakeholder
    edited = here.edited(vote)
    owned = here.roadmap.same(voter, state.owner)
    demanded = here.policy.demanded(vote.role)
    rejecting = " rejected, and" if vote.decision == "rejected" else ""
    late = [
        each.id for each in vote.conditions if each.met_by is None and each.due and each.due < here.at.date()
    ]
    objections = (
        (vote.cycle != state.cycle, f"{vote.decision} in cycle {vote.cycle}"),
        (vote.superseded_by is not None, f"superseded by {voter}'s vote at position {vote.superseded_by}"),
        (vote.withdrawn_by is not None, f"withdrawn at position {vote.withdrawn_by}"),
        (not vote.held, f"{voter} did not hold the role {vote.role}"),
        (vote.decision == "abstained", f"{voter} abstained"),
        (vote.kind != "human", f"{voter}{rejecting} is no human ({vote.kind})"),
        (owned, f"{voter}{rejecting} is the owner"),
        (vote.was_owner, f"{voter}{rejecting} was the owner then"),
        (vote.decision == "rejected", _rejected(here, vote)),
        (not reaches(vote.assurance, demanded), f"{voter} did not sign {DEMANDED[demanded]}"),
        (edited > vote.position, f"{voter} edited the subject at position {edited}, after the vote"),
        (
            vote.valid_until is not None and vote.valid_until <= here.at,
            f"expired on {_day(vote.valid_until)}",
        ),
        (
            bool(late),
            f"{listed(late)} was due and is not met" if len(late) == 1 else f"{listed(late)} were due",
        ),
        (
            here.renew and vote.iteration != state.iteration,
            f"given in iteration {vote.iteration}; this gate asks anew in each",
        ),
    )
    return next((why for holds, why in objections if holds), None)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.date().isoformat()


def _rejections(here: GateVotes, role: str) -> tuple[Vote, ...]:
    """The rejections that keep the role's requirement unmet, stale or not: those of people but the owner."""
    return tuple(
        each
        for each in here.of(role)
        if each.decision == "rejected"
        and each.held
        and here.stands(each)
        and here.roadmap.holds(each.stakeholder, role)
        and each.kind == "human"
        and not each.was_owner
        and not here.roadmap.same(each.stakeholder, here.state.owner)
    )


def _rejected(here: GateVotes, vote: Vote) -> str:
    if here.roadmap.holds(vote.stakeholder, vote.role):
        return f"{vote.stakeholder} rejected"
    return f"{vote.stakeholder} rejected, and holds the role {vote.role} no more"


def _elsewhere(here: GateVotes, vote: Vote, places: dict[str, str]) -> str | None:
    """Why an approval that counts is still not what meets this requirement; None for one that does not."""
    if not counts(here, vote):
        return None
    rejections = _rejections(here, vote.role)
    if rejections:
        return f"the rejection by {listed([each.stakeholder for each in rejections])} stands"
    return f"{vote.stakeholder} counts once a gate, here as {places[here.voter(vote)]}"


def _differing(shown: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in sorted({*shown, *now}) if shown.get(name) != now.get(name))


def _carried(here: GateVotes, by: tuple[Vote, ...]) -> str:
    """Says so when the role rests on votes of earlier iterations alone."""
    fresh = any(each.iteration == here.state.iteration for each in by)
    return "" if fresh else f" (carried from position {by[0].position})"


def _lack(here: GateVotes, role: str, stale: tuple[Stale, ...], not_counted: tuple[NotCounted, ...]) -> str:
    rejections = _rejections(here, role)
    if rejections:
        names = [each.stakeholder for each in rejections]
        verb = "votes" if len(names) == 1 else "vote"
        return f"rejected by {listed(names)}; it stands until {listed(names)} {verb} again"
    if stale:
        return f"{listed(parts_in_words(stale[-1].fields))} changed since the vote"
    return not_counted[-1].why if not_counted else "not given yet"


def _way_out(here: GateVotes, role: str, people: People) -> str:
    """Vote; where no vote would help, enrol somebody; for somebody who works alone, waive.

    Where somebody's rejection stands it is that person who has to vote, as the requirement's text says.
    """
    key, roadmap = here.state.key, here.roadmap
    able = voters(here.state, roadmap, role)
    if _rejections(here, role) or any(_would_help(each, role, people) for each in able):
        return f"roadlog approve {key} --role {role}{signing(here.policy, role)}"
    if not roadmap.alone:
        return f"roadlog stakeholder add HANDLE --role {role}"
    return f"roadlog waive {key} approval:{role} --until DATE --because TEXT"


def _would_help(person: str, role: str, people: People) -> bool:
    """Whether one more role would be satisfied if that person approved in this one."""
    if not people:
        return True
    more = assign({**people, role: (*people[role], person)})
    return len(set(more.values())) > len(set(assign(people).values()))
