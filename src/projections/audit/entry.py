"""How records came into the log: dated back, many at once, several people's votes by one account."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, TypeVar

from roadlog.domain.events import StakeholderAbstained, StakeholderApproved, StakeholderRejected
from roadlog.domain.moments import days
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.wording import listed
from roadlog.projections.audit.findings import Finding, Limits, day, once

VOTES = (StakeholderApproved, StakeholderRejected, StakeholderAbstained)
NOBODY = "unknown"
"""What stands for an account whose name no record can hold: two of them may be two people."""


class Entry(NamedTuple):
    """A record as it was typed: all that is kept of it until the whole log is read."""

    position: int
    account: str
    recorded_at: datetime
    effective_at: datetime


class Ballot(NamedTuple):
    """A person's vote, and the account that typed it."""

    position: int
    account: str
    voter: str
    recorded_at: datetime


Typed = TypeVar("Typed", Entry, Ballot)


def entry_of(record: Record, limits: Limits) -> Entry | None:
    """The record, where it was typed late; imports come late by their nature, and say so."""
    late = record.recorded_at - record.effective_at
    if record.body.source.imported is not None or late < timedelta(hours=limits["late_hours"]):
        return None
    account = record.body.source.os_user
    return Entry(record.position, account, record.recorded_at, record.effective_at)


def ballot_of(record: Record) -> Ballot | None:
    """The record, where it is a person's vote that was typed at a command line, whose account is known."""
    source = record.body.source
    if source.client != "cli" or source.os_user == NOBODY or record.actor.kind != "human":
        return None
    if source.imported is not None or not isinstance(record.event, VOTES):
        return None
    return Ballot(record.position, source.os_user, record.actor.id, record.recorded_at)


def backdated(record: Record, roadmap: RoadmapState, consents: Mapping[str, Record]) -> Iterator[Finding]:
    """A record dated back further than the policy of its time lets pass without a second person.

    consents: by command id, the yes with which a waiting command took effect
    """
    if record.body.source.imported is not None or roadmap.workflow is None:
        return
    limit = roadmap.workflow.policy.max_backdate_days
    late = record.recorded_at - record.effective_at
    if late <= days(limit):
        return
    yes = consents.get(record.body.command_id)
    agreed = f"agreed to by {yes.actor.id}" if yes else "and nobody agreed to it"
    text = (
        f"{record.type} by {record.actor.id} is dated {day(record.effective_at)}, {late.days} days before "
        f"it was recorded (policy: {limit}), {agreed}"
    )
    positions = [record.position, *([yes.position] if yes else [])]
    yield once(text, positions, record.recorded_at)


def since(start: datetime | None, typed: Iterable[Typed]) -> Iterator[Typed]:
    """What was typed then or later."""
    return (each for each in typed if start is None or each.recorded_at >= start)


def bulk_entry(entries: Iterable[Entry], limits: Limits) -> Iterator[Finding]:
    """Runs of late records that one account typed with no longer pause than the limit between two."""
    pause, least = timedelta(minutes=limits["pause_minutes"]), limits["records"]
    by_account: dict[str, list[Entry]] = {}
    for each in sorted(entries, key=attrgetter("position")):
        by_account.setdefault(each.account, []).append(each)
    for account, mine in by_account.items():
        for run in _runs(mine, pause):
            if len(run) >= least:
                first, last = (f(each.effective_at for each in run) for f in (min, max))
                text = (
                    f"{len(run)} records that are dated {day(first)} to {day(last)} were typed by the "
                    f"account {account} on {day(run[0].recorded_at)} in one go"
                )
                positions = tuple(each.position for each in run)
                yield Finding(text, positions, run[0].recorded_at, run[-1].recorded_at)


def _runs(entries: list[Entry], pause: timedelta) -> Iterator[list[Entry]]:
    run = entries[:1]
    for before, after in pairwise(entries):
        if after.recorded_at - before.recorded_at > pause:
            yield run
            run = []
        run.append(after)
    yield run


def one_account(ballots: Iterable[Ballot]) -> Iterator[Finding]:
    """Accounts from which the votes of several people were typed."""
    by_account: dict[str, list[Ballot]] = {}
    for each in sorted(ballots, key=attrgetter("position")):
        by_account.setdefault(each.account, []).append(each)
    for account, mine in by_account.items():
        voters = list(dict.fromkeys(each.voter for each in mine))
        if len(voters) > 1:
            text = f"The account {account} typed the votes of {listed(voters)}"
            positions = tuple(each.position for each in mine)
            yield Finding(text, positions, mine[0].recorded_at, mine[-1].recorded_at)
