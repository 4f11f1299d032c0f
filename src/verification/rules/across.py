"""What looks at several initiatives: none waits for itself, and no milestone in use is dropped."""

from msgspec.structs import replace

from roadlog.domain.commands import AddDependency
from roadlog.domain.decisions.plan import add_dependency
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.judging import findings as said
from roadlog.domain.refusals import RoadlogError
from roadlog.domain.situation import Situation
from roadlog.event_store.reading import END, Reader
from roadlog.rows import make_record
from roadlog.verification.rules.findings import DECODE, Findings
from roadlog.verification.rules.initiatives import Gathered, Tie
from roadlog.verification.rules.roadmap import Roadmap


def judge_across(reader: Reader, roadmap: Roadmap, gathered: list[Gathered], findings: Findings) -> None:
    """Judges what the shares of the initiatives came to together."""
    _judge_adoptions(roadmap, gathered, findings)
    _judge_unknown(roadmap, gathered, findings)
    _Ties(reader, roadmap, findings).judge(sorted(tie for each in gathered for tie in each.ties))


def _judge_adoptions(roadmap: Roadmap, gathered: list[Gathered], findings: Findings) -> None:
    """Each by an initiative for each milestone that was in use."""
    for case in roadmap.adoptions:
        uses = [each.uses[case.record.position] for each in gathered]
        others = {
            key: InitiativeState(key=key, milestone=milestone)
            for each in uses
            for milestone, key in each.items()
        }
        findings.judge(replace(case, others=others))


def _judge_unknown(roadmap: Roadmap, gathered: list[Gathered], findings: Findings) -> None:
    """Requests for consent to what nobody can do: there is no such initiative."""
    asked = {position for each in gathered for position in each.asked}
    for cases in roadmap.requests.values():
        for case in cases:
            if case.record.position not in asked:
                findings.add(case.record, said.of_nothing_wished(case.record))


class _Ties:
    """Which initiatives wait for which, followed from the first tie to the last."""

    def __init__(self, reader: Reader, roadmap: Roadmap, findings: Findings) -> None:
        self._reader = reader
        self._roadmap = roadmap
        self._findings = findings
        self._waiting: dict[str, InitiativeState] = {}
        self._begun: dict[str, int] = {}

    def judge(self, ties: list[Tie]) -> None:
        """Judges each by those before it."""
        for tie in ties:
            mine = self._waiting.get(tie.stream, InitiativeState(key=tie.stream))
            if not tie.ends:
                self._judge_one(tie, mine)
            if not tie.is_wish:
                kept = tuple(each for each in mine.dependencies if each != tie.on)
                now = kept if tie.ends else (*kept, tie.on)
                self._waiting[tie.stream] = replace(mine, dependencies=now)

    def _judge_one(self, tie: Tie, mine: InitiativeState) -> None:
        row = next(self._reader.rows(tie.position - 1, tie.position))
        record, roadmap = make_record(row, DECODE(row[3], row[5])), self._roadmap.states.before(tie.position)
        others = dict(self._waiting)
        if self._begins(tie.on) < tie.position:
            others.setdefault(tie.on, InitiativeState(key=tie.on))
        else:
            others.pop(tie.on, None)
        if roadmap.workflow is None:
            return
        situation = Situation(
            actor=record.actor.id,
            at=record.effective_at,
            now=record.recorded_at,
            reason=record.reason,
            roadmap=roadmap,
            workflow=roadmap.workflow,
            initiative=mine,
            others=others,
        )
        try:
            add_dependency(situation, AddDependency(stream=tie.stream, on=tie.on))
        except RoadlogError as refusal:
            self._findings.add(record, said.of_a_refusal(record, situation, refusal))

    def _begins(self, key: str) -> int:
        """The position of an initiative's first record, beyond all where there is none."""
        if key not in self._begun:
            first = None if key == self._roadmap.key else next(iter(self._reader.stream(key)), None)
            self._begun[key] = first.position if first else END
        return self._begun[key]
