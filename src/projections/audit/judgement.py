"""How each control stands: initiative by initiative, then all together, the worst first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from roadlog.controls.mapping import Chosen, Control, Framework
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.keys import number_of
from roadlog.domain.names import event_name
from roadlog.domain.workflow import Workflow
from roadlog.projections.audit.findings import Finding
from roadlog.projections.audit.story import Story

Status = Literal["satisfied", "finding", "absent", "out-of-scope"]
WORST: tuple[Status, ...] = ("finding", "absent", "satisfied", "out-of-scope")
Found = tuple[str, Finding]
"""A check and what it found."""


class Verdict(NamedTuple):
    """How one control stands for one initiative; why, where it is absent or out of scope."""

    status: Status
    why: str = ""
    evidence: Sequence[int] = ()
    findings: Sequence[Found] = ()


class Account:
    """One control, as initiative after initiative is judged; then `answer` says how it stands for all.

    `roadmap` is the roadmap's own story: who is enrolled and which workflow holds is evidence for everything.
    """

    def __init__(
        self, framework: Framework, control: Control, start: datetime | None, roadmap: Story
    ) -> None:
        self._framework = framework
        self._control = control
        self._start = start
        self._of_roadmap = {each: self._shown(roadmap, each) for each in control.evidence}
        self._keys: dict[Status, list[str]] = {}
        self._why: dict[str, list[str]] = {}
        self._evidence: set[int] = set()
        self._findings: list[tuple[str | None, Found]] = []

    def take(self, story: Story, workflow: Workflow) -> None:
        """One more initiative."""
        verdict = self._verdict(story, workflow)
        self._keys.setdefault(verdict.status, []).append(story.key)
        if verdict.why:
            self._why.setdefault(verdict.why, []).append(story.key)
        self._evidence.update(verdict.evidence)
        self._findings += [(story.key, each) for each in verdict.findings]

    def together(self, found: Iterable[tuple[str | None, Mapping[str, Sequence[Finding]]]]) -> None:
        """What is found of all at once, and in the roadmap's own records, each with its key.

        What is out of scope for every initiative is so for the roadmap.
        """
        if self._keys and set(self._keys) == {"out-of-scope"}:
            return
        for key, by_check in found:
            self._findings += [(key, each) for each in self._found(by_check)]
        if not self._keys:
            shown = [each for positions in self._of_roadmap.values() for each in positions]
            self._evidence.update(shown)
            self._keys["satisfied" if shown or self._control.exceptions else "absent"] = []

    def answer(self) -> dict[str, Any]:
        """The control as the audit's answer holds it."""
        status = "finding" if self._findings else next(each for each in WORST if each in self._keys)
        findings = sorted(self._findings, key=lambda each: (each[1][1].positions, each[1][1].text))
        return {
            "id": self._control.id,
            "framework": self._framework.id,
            "title": self._control.title,
            "framework_refs": self._framework.refs(self._control),
            "status": status,
            "evidence": sorted(self._evidence),
            "findings": [
                {"text": each.text, "positions": list(each.positions), "key": key, "check": check}
                for key, (check, each) in findings
            ],
            "initiatives": {
                each: sorted(self._keys[each], key=number_of) for each in WORST if self._keys.get(each)
            },
            "why": {each: sorted(keys, key=number_of) for each, keys in self._why.items()},
        }

    def _verdict(self, story: Story, workflow: Workflow) -> Verdict:
        control, state = self._control, story.state
        outside = _outside(control, state)
        if outside:
            return Verdict("out-of-scope", outside)
        shown = {
            each: [*self._shown(story, each), *self._of_roadmap[each]] for each in self._control.evidence
        }
        evidence = [position for positions in shown.values() for position in positions]
        findings = self._found(story.found)
        if findings:
            return Verdict("finding", evidence=evidence, findings=findings)
        missing = [each for each, positions in shown.items() if not positions]
        early = _not_due(control, state, workflow) if missing or not shown else ""
        if early:
            return Verdict("out-of-scope", early, evidence)
        if missing and not control.exceptions:
            return Verdict("absent", "; ".join(f"no {_in_words(each)}" for each in missing), evidence)
        return Verdict("satisfied", evidence=evidence)

    def _found(self, by_check: Mapping[str, Sequence[Finding]]) -> list[Found]:
        """What the control's checks found in the period."""
        return [
            (check, each)
            for check in self._control.checks
            for each in by_check.get(check, ())
            if each.lies_in(self._start)
        ]

    def _shown(self, story: Story, kinds: str) -> list[int]:
        """The records of the period of these kinds; of what must be there and stands, those before it, where
        the period has none."""
        found = [each for kind in kinds.split("|") for each in story.evidence.get(kind, ())]
        within = [position for at, position in found if self._start is None or at >= self._start]
        return within if within or self._control.exceptions else [position for _, position in found]


def accounts(controls: Chosen, start: datetime | None, roadmap: Story) -> list[Account]:
    """One for each control."""
    return [Account(framework, control, start, roadmap) for framework, control in controls]


def frameworks_of(controls: Chosen) -> list[dict[str, Any]]:
    """The frameworks of these controls, each with the edition that was mapped."""
    found = {framework.id: framework for framework, _ in controls}
    return [
        {
            "id": each.id,
            "name": each.name,
            "edition": each.edition,
            "date": each.date,
            "source": each.source,
            "mapped": each.mapped,
        }
        for each in found.values()
    ]


def summary(controls: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many controls stand how."""
    counts: dict[str, int] = dict.fromkeys(WORST, 0)
    for each in controls:
        counts[each["status"]] += 1
    return counts


def _outside(control: Control, state: InitiativeState) -> str:
    """Why a control does not apply to a purpose; empty where it does, or may: nobody has classified it."""
    found = state.classification
    if found is None:
        return ""
    if found.risk_class not in control.classes:
        return f"its purpose is classified as {found.risk_class}"
    if found.our_role is not None and found.our_role not in control.our_roles:
        return f"we are its {found.our_role}"
    return ""


def _not_due(control: Control, state: InitiativeState, workflow: Workflow) -> str:
    """Why nothing can be asked for yet, or any more; empty where it can."""
    live = any(each.milestone in workflow.finishing for each in state.visits)
    if control.due == "live" and not live:
        return "it was never live"
    if control.exceptions:
        return ""
    if not state.visits:
        return "it has not started"
    return "it was stopped before it went live" if state.stopped and not live else ""


def _in_words(kinds: str) -> str:
    """`treatment of a risk or acceptance of a risk`."""
    return " or ".join(map(_kind_in_words, kinds.split("|")))


def _kind_in_words(kind: str) -> str:
    name, _, what = kind.partition("/")
    if what:
        return f"evidence of kind {what}"
    article, _, rest = event_name(name).partition(" ")
    return rest if article in ("a", "an", "the") else f"{article} {rest}"
