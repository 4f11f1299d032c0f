"""Stores to measure on: roadmaps whose histories have the mixture of the demo's, of any length.

The demo has 153 records of initiatives: 19 % votes, 12 % moves, 8 % results, 8 % evidence, and a few of each
other kind. `iteration` repeats that mixture 25 records at a time, by several people, under the workflow
`open`, which asks for nothing: so a history can be as long as one likes, and every command is decided,
encoded and appended as if typed.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import files
from itertools import chain, count, groupby, islice
from operator import itemgetter
from pathlib import Path

from roadlog.application import Application, Wish
from roadlog.domain.commands import (
    AddNote,
    AddStakeholder,
    AdvanceMilestone,
    Approve,
    AttachEvidence,
    Command,
    ConsultStakeholder,
    DefineFallback,
    DefineProblem,
    LogEdgeCase,
    LogRisk,
    MeasureOutcome,
    MitigateRisk,
    OpenRoadmap,
    RecordResult,
    RequestApproval,
    ReturnMilestone,
    ReviewEdgeCases,
    SetCriterion,
    TestFallback,
    TriageEdgeCase,
)
from roadlog.domain.workflow_file import definition, parse

OWNER = "paula"
VOTERS = {"dan": "data-science", "erin": "engineering", "carla": "compliance", "otto": "customer-ops"}
TOGETHER = 25
"""Commands typed in one go while a history is made; what is measured does not depend on it."""


def open_roadmap(folder: Path) -> Application:
    """A new store in `folder`, its roadmap opened and its team enrolled; opened for writing."""
    text = (files("roadlog.domain") / "workflows" / "open.toml").read_text(encoding="utf-8")
    command = OpenRoadmap(stream="SUP", name="Support AI", definition=definition(parse(text, "open.toml")))
    Application.create(folder, Wish(actor=OWNER), command)
    application = Application.open(folder)
    team = [AddStakeholder(stakeholder=handle, roles=(role,)) for handle, role in VOTERS.items()]
    application.execute(Wish(actor=OWNER), *team)
    return application


def add_initiative(application: Application, records: int) -> str:
    """A new initiative with so many records, at least 1; its key."""
    problem = DefineProblem(
        title="We want to reduce support load by 30 %",
        problem="Agents answer 900 tickets a week; half of them ask the same ten questions",
        metric="tickets",
        unit="per week",
        baseline=900,
        target=630,
        owner=OWNER,
    )
    key = application.execute(Wish(actor=OWNER), problem).records[0].stream
    typed = islice(_history(key), records - 1)
    for actor, lines in groupby(typed, itemgetter(0)):
        commands = [command for _, command in lines]
        for start in range(0, len(commands), TOGETHER):
            application.execute(Wish(actor=actor, reason="as planned"), *commands[start : start + TOGETHER])
    return key


def open_long_roadmap(folder: Path, initiatives: int, records: int) -> None:
    """A new store with so many initiatives of so many records each."""
    with open_roadmap(folder) as application:
        for _ in range(initiatives):
            add_initiative(application, records)


@contextmanager
def copied(store: Path) -> Iterator[Path]:
    """A copy of a store, gone afterwards, for work that changes it."""
    copy = store.with_name(f"{store.name}-copy")
    shutil.copytree(store, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def _history(key: str) -> Iterator[tuple[str, Command]]:
    """Who types what, without an end."""
    yield OWNER, AdvanceMilestone(stream=key)
    yield (
        OWNER,
        DefineFallback(stream=key, kind="human-handoff", description="Talk to a human", trigger="Asked"),
    )
    yield from chain.from_iterable(_iteration(key, number) for number in count(1))


def _iteration(key: str, number: int) -> Iterator[tuple[str, Command]]:
    """One pass from feasibility to integration and back, 25 records long."""
    percent = 80 + number % 10
    first, second = (sha256(f"{key} {number} {place}".encode()).hexdigest() for place in range(2))
    before: list[Command] = [
        AttachEvidence(
            stream=key, kind="dataset", title=f"Tickets, export {number}", sha256=first, size=7_340_032
        ),
        AdvanceMilestone(stream=key),
        SetCriterion(
            stream=key,
            criterion="accuracy",
            milestone="training",
            metric="accuracy",
            operator=">=",
            threshold=percent / 100,
        ),
        *(_result(key, percent + more) for more in (-2, 0)),
        AttachEvidence(
            stream=key, kind="evaluation", title=f"Evaluation {number}", sha256=second, size=52_224
        ),
        AdvanceMilestone(stream=key),
        _result(key, percent + 1),
        LogRisk(
            stream=key,
            description=f"Invents refund rule {number}",
            category="hallucination",
            likelihood=4,
            impact=4,
        ),
        MitigateRisk(
            stream=key, risk=f"R{number}", treatment="Answers quote the policy", likelihood=2, impact=4
        ),
        LogEdgeCase(stream=key, description=f"Two tickets in mail {number}", severity=3),
        TriageEdgeCase(stream=key, case=f"E{number}", outcome="dataset"),
        ReviewEdgeCases(stream=key, source="tickets of the week", sample=200, found=3),
        TestFallback(stream=key, passed=True),
        RequestApproval(stream=key, roles=tuple(VOTERS.values())),
    ]
    after: list[Command] = [
        AdvanceMilestone(stream=key),
        MeasureOutcome(stream=key, metric="tickets", value=900 - number % 200, sample=4),
        ConsultStakeholder(
            stream=key, role="product", said=f"Agents trust draft {number}, not yet the refunds"
        ),
        AddNote(stream=key, text=f"Refunds are handled by hand until policy {number} is in the dataset"),
        MeasureOutcome(stream=key, metric="tickets", value=890 - number % 200, sample=4),
        ReturnMilestone(
            stream=key, to="feasibility", loop="learning", learned="Refunds need the policy as a source"
        ),
    ]
    yield from ((OWNER, command) for command in before)
    yield from ((voter, Approve(stream=key, role=role)) for voter, role in VOTERS.items())
    yield from ((OWNER, command) for command in after)


def _result(key: str, percent: int) -> RecordResult:
    return RecordResult(
        stream=key,
        criterion="accuracy",
        value=percent / 100,
        sample=1_200,
        low=(percent - 4) / 100,
        high=(percent + 4) / 100,
    )
