"""A roadmap with a history that tests of views look at: five initiatives, each standing somewhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

import roadlog.domain
from roadlog.application import Application, Wish
from roadlog.domain import commands as wish
from roadlog.domain.commands import Command
from roadlog.domain.workflow_file import definition, parse

Late = Command | Callable[[], Command]
"""A wish, or how to make it when its turn comes."""
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday, when the roadmap was opened."""
TODAY = FIRST + timedelta(days=100, hours=1)
"""The moment at which the tests look."""
LONG = (
    "Warehouse staff in three countries cannot tell which of the 40,000 returned parcels a day need a second "
    "look before they go back on the shelf"
)
EMOJI = "退货 🤖 sorting takes 3 hours a day 👩‍💻 per person"
ARABIC = "العملاء ينتظرون الرد ثلاثة أيام"


class Play:
    """Wishes, kept until all are known, and carried out in the order of their days."""

    def __init__(self) -> None:
        self._steps: list[tuple[float, str, tuple[Late, ...], str | None, float | None]] = []
        self.last: dict[str, int] = {}
        """Position of the last record of each stream."""

    def __call__(
        self, day: float, actor: str, *wishes: Late, because: str | None = None, ago: float | None = None
    ) -> None:
        """On that day; `ago` says that it had happened so many days before."""
        self._steps.append((day, actor, wishes, because, ago))

    def carry_out(self, application: Application) -> None:
        in_order = sorted(self._steps, key=lambda each: each[0])
        with freeze_time(FIRST) as clock:
            for number, (day, actor, wishes, because, ago) in enumerate(in_order, start=1):
                moment = FIRST + timedelta(days=day)
                clock.move_to(moment)
                happened = None if ago is None else moment - timedelta(days=ago)
                told = Wish(actor=actor, at=happened, reason=because, command_id=f"step-{number}")
                now = [each() if callable(each) else each for each in wishes]
                for record in application.execute(told, *now).records:
                    self.last[record.stream] = record.position


def play(folder: Path) -> Path:
    """Makes the store and gives its folder."""
    name = "ai-product.toml"
    path = Path(roadlog.domain.__path__[0]) / "workflows" / name
    workflow = definition(parse(path.read_text(encoding="utf-8"), name))
    store = folder / ".roadlog"
    with freeze_time(FIRST):
        opening = wish.OpenRoadmap(stream="SUP", name="Support AI", definition=workflow)
        Application.create(store, Wish(actor="paula", command_id="step-0"), opening)
    step = Play()
    for told in (_people, _support_load, _onboarding, _others):
        told(step)
    with Application.open(store) as application:
        step.carry_out(application)
    return store


def _people(step: Play) -> None:
    for handle, role in (
        ("dan", "data-science"),
        ("erin", "engineering"),
        ("carla", "compliance"),
        ("oscar", "customer-ops"),
    ):
        step(0.1, "paula", wish.AddStakeholder(stakeholder=handle, roles=(role,)))


def _to_training(step: Play, key: str, day: float) -> None:
    """From the backlog to training in 20 days."""
    step(
        day,
        "paula",
        wish.SetExpectation(stream=key, iterations_from=3, iterations_to=5, told=("customer-ops",)),
        wish.ClassifyPurpose(
            stream=key,
            purpose="Suggests answers that an agent sends",
            affected="Customers who write to support",
            risk_class="limited",
            basis="AI Act, article 50",
        ),
        wish.PlaceInitiative(stream=key, horizon="now"),
    )
    step(day + 1, "paula", wish.AdvanceMilestone(stream=key))
    step(
        day + 5,
        "dan",
        wish.AttachEvidence(
            stream=key, kind="dataset", title="Tickets of 2025", sha256="a" * 64, size=18_000_000
        ),
    )
    step(day + 6, "paula", wish.RequestApproval(stream=key))
    step(day + 7, "dan", wish.Approve(stream=key, statement="18 months of labelled tickets"))
    step(day + 9, "carla", wish.Approve(stream=key))
    step(day + 10, "paula", wish.AdvanceMilestone(stream=key))
    step(
        day + 17,
        "erin",
        wish.AttachEvidence(stream=key, kind="prototype", title="Notebook", sha256="b" * 64),
        wish.RequestApproval(stream=key),
    )
    step(day + 18, "erin", wish.Approve(stream=key))
    step(day + 20, "paula", wish.AdvanceMilestone(stream=key))


def _support_load(step: Play) -> None:
    """SUP-1 learns, comes back to training, and waits there, blocked for a while, with a stale vote."""
    key = "SUP-1"
    step(
        1,
        "paula",
        wish.DefineProblem(
            title="We want to reduce support load by 30 %",
            problem="Support agents answer 900 tickets a week, and half of them ask the same ten questions.",
            metric="tickets",
            unit="per week",
            baseline=900,
            target=-30,
            relative=True,
            by=date(2026, 9, 30),
            segments=("new customers", "resellers"),
            approach="Suggested answers from the help pages",
            owner="paula",
        ),
    )
    _to_training(step, key, 2)
    step(
        24,
        "dan",
        wish.SetCriterion(
            stream=key, criterion="F1", milestone="training", metric="f1", operator=">=", threshold=0.8
        ),
        wish.SetCriterion(
            stream=key,
            criterion="GAP",
            milestone="training",
            metric="f1 gap",
            operator="<=",
            threshold=0.05,
            segment="resellers",
        ),
        wish.RecordResult(stream=key, criterion="F1", value=0.62, sample=400, low=0.58, high=0.66),
    )
    step(
        30,
        "paula",
        wish.ReturnMilestone(
            stream=key,
            to="prototype",
            loop="learning",
            learned="Half of the labels are wrong",
            change="Label 2,000 tickets again",
        ),
        because="F1 of 0.62 will not do",
    )
    step(
        45,
        "erin",
        wish.AttachEvidence(stream=key, kind="prototype", title="Notebook, relabelled", sha256="c" * 64),
        wish.RequestApproval(stream=key),
        ago=5,
    )
    step(46, "erin", wish.Approve(stream=key))
    step(47, "paula", wish.AdvanceMilestone(stream=key))
    step(
        50,
        "carla",
        wish.LogRisk(
            stream=key,
            description="Invents refund rules that do not exist",
            category="hallucination",
            likelihood=4,
            impact=4,
            owner="dan",
        ),
        wish.LogRisk(
            stream=key, description="Answers resellers worse", category="bias", likelihood=3, impact=3
        ),
    )
    step(
        60,
        "dan",
        wish.AttachEvidence(stream=key, kind="evaluation", title="Evaluation of 2 March", sha256="d" * 64),
        wish.RecordResult(stream=key, criterion="F1", value=0.84, sample=1200),
        wish.RequestApproval(stream=key),
    )
    step(61, "dan", wish.Approve(stream=key, conditions=(("Watch resellers weekly", date(2026, 6, 1)),)))
    step(
        66,
        "dan",
        wish.MitigateRisk(
            stream=key, risk="R1", treatment="Answers cite the help page", likelihood=2, impact=4
        ),
    )
    step(70, "oscar", wish.ConsultStakeholder(stream=key, role="customer-ops", said="Agents like it so far"))
    step(80, "paula", wish.BlockWork(stream=key, by="No access to the new ticket system"))
    step(85, "paula", wish.MeasureOutcome(stream=key, metric="tickets", value=640, sample=4))
    step(86, "erin", wish.AddNote(stream=key, text="The ticket system moves on 1 May"))


def _onboarding(step: Play) -> None:
    """SUP-2 stands before its gate of prototype, a second person's yes is waited for, one record was void."""
    key = "SUP-2"
    step(
        20,
        "paula",
        wish.DefineProblem(
            title="We want to personalize onboarding for 3 key user segments",
            problem="A third of new users give up in the first hour: the tour shows what they do not need.",
            metric="activation",
            unit="%",
            baseline=40,
            target=55,
            owner="paula",
        ),
    )
    _to_training(step, key, 21)
    step(50, "paula", wish.AddNote(stream=key, text="Resellers ask for their own tone"))
    step(
        51, "paula", lambda: wish.VoidRecord(stream=key, position=step.last[key]), because="Belongs to SUP-1"
    )
    step(52, "oscar", wish.LogEdgeCase(stream=key, description="Tour loops for deleted users", severity=4))
    step(
        53,
        "oscar",
        wish.OpenIncident(
            stream=key,
            description="A customer saw another customer's name",
            aware_at=FIRST + timedelta(days=52, hours=6),
            severity=4,
        ),
        because="Reported by phone",
    )


def _others(step: Play) -> None:
    """SUP-3 and SUP-4 in the backlog, SUP-5 stopped."""
    for day, title in ((60, EMOJI), (61, ARABIC), (62, LONG)):
        step(day, "paula", wish.DefineProblem(title=title, problem="Parcels wait for three days."))
    step(63, "paula", wish.PlaceInitiative(stream="SUP-3", horizon="next", rank=1))
    step(63, "paula", wish.PlaceInitiative(stream="SUP-4", horizon="later"))
    step(64, "paula", wish.StopInitiative(stream="SUP-5"), because="Nobody has the data")
