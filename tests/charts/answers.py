"""Answers of `roadlog metrics --json`, made up by a seed: initiatives with loops, pauses, stops, outcomes."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from roadlog.domain.moments import instant, rfc3339

MILESTONES = ("feasibility", "prototype", "training", "integration", "experimentation", "live")
FINISH = "live"
ROLES = ("data-science", "engineering", "compliance", "customer-ops")
LOOPS = ("learning", "rework", "drift", "rejection", "scope")
TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = 86_400.0
TITLES = (
    "We want to reduce support load by 30 %",
    "We want to personalize onboarding for 3 key user segments",
    "Answers to invoices take too long",
    "Nobody finds the right article",
)
Answer = dict[str, Any]


class _Walk:
    """One initiative's way through the milestones, up to `end`."""

    def __init__(self, chance: random.Random, begun: datetime, end: datetime, loops: float) -> None:
        self.chance, self.end, self.loops = chance, end, loops
        self.now = begun + timedelta(days=chance.uniform(0, 60))
        self.cycles: list[Answer] = []
        self.live: list[Answer] = []
        self.spans: list[Answer] = []
        self.gates: list[Answer] = []
        self.measured: list[Answer] = []
        self.iteration = 0
        self.progress = chance.uniform(-0.1, 0.1)
        self.milestone: str | None = None
        self.status = "backlog"
        self._walk()

    def _walk(self) -> None:
        while self.now < self.end:
            self.status = "active"
            self._cycle(len(self.cycles) + 1)
            if self.status != "live":
                return
            rests = self.now + timedelta(days=self.chance.uniform(30, 300))
            goes_on = self.chance.random() < 0.3 and rests < self.end
            self.live.append(
                {"entered_at": rfc3339(self.now), "left_at": rfc3339(rests) if goes_on else None}
            )
            if not goes_on:
                return
            self.now = rests

    def _cycle(self, number: int) -> None:
        start, place, visits, counts = self.now, 2 if number > 1 else 0, [], dict.fromkeys(MILESTONES, 0)
        moves = dict.fromkeys(LOOPS, 0)
        self.iteration += 1
        iterations = [(self.iteration, start, "")]
        outcome = "open"
        while outcome == "open":
            self.milestone = name = MILESTONES[place]
            counts[name] += 1
            left = self.now + timedelta(days=self.chance.expovariate(1 / 21))
            over = left >= self.end
            left = min(left, self.end)
            visits.append((name, counts[name], number, self.iteration, self.now, None if over else left))
            self._spans(self.now, left, over)
            self._gate(name, self.now, left, over)
            self.now = left
            if over:
                break
            if self.chance.random() < 0.03:
                self.status = self.chance.choice(("stopped", "retired"))
                outcome = "stopped" if self.status == "stopped" else "ended"
                if outcome == "stopped":
                    self.spans.append({"kind": "stopped", "from": rfc3339(left), "to": None})
                    visits[-1] = (*visits[-1][:5], None)
            elif place and self.chance.random() < self.loops:
                place = self.chance.randrange(place)
                moves[self.chance.choice(LOOPS)] += 1
                self._measure()
                self.iteration += 1
                iterations.append((self.iteration, self.now, ""))
            else:
                place += 1
                if MILESTONES[place] == FINISH:
                    outcome, self.status, self.milestone = "finished", "live", FINISH
                    self._measure()
        self._keep(number, start, outcome, visits, iterations, moves)

    def _keep(
        self,
        number: int,
        start: datetime,
        outcome: str,
        visits: Sequence[tuple[str, int, int, int, datetime, datetime | None]],
        iterations: Sequence[tuple[int, datetime, str]],
        moves: dict[str, int],
    ) -> None:
        length = (self.now - start).total_seconds()
        told: list[Answer] = [
            {
                "milestone": name,
                "visit": visit,
                "cycle": cycle,
                "iteration": iteration,
                "loop": None,
                "entered_at": rfc3339(entered),
                "left_at": rfc3339(left) if left else None,
                "seconds": ((left or self.end) - entered).total_seconds(),
            }
            for name, visit, cycle, iteration, entered, left in visits
        ]
        waiting = sum(_seconds(each, self.end) for each in self.spans if each["from"] >= rfc3339(start))
        time = {name: _sum(told, name) for name in MILESTONES if _sum(told, name) is not None}
        self.cycles.append(
            {
                "cycle": number,
                "started_at": rfc3339(start),
                "finished_at": rfc3339(self.now) if outcome == "finished" else None,
                "ended_at": rfc3339(self.now) if outcome in ("stopped", "ended") else None,
                "outcome": outcome,
                "cycle_time": length if outcome == "finished" else None,
                "inclusive_days": (self.now.date() - start.date()).days + 1
                if outcome == "finished"
                else None,
                "waiting": min(waiting, length),
                "paused": 0.0,
                "active": max(0.0, length - waiting),
                "rework": sum(each["seconds"] for each in told if each["visit"] > 1),
                "catch_up": 0.0,
                "backward_moves": moves,
                "iterations": self._iterations(iterations, outcome),
                "visits": told,
                "time_in_milestone": time,
            }
        )

    def _iterations(self, begun: Sequence[tuple[int, datetime, str]], outcome: str) -> list[Answer]:
        ends: list[datetime | None] = [at for _, at, _ in begun[1:]]
        ends.append(None if outcome == "open" else self.now)
        measured = {each["iteration"]: each for each in self.measured}
        answers, before = [], 0.0
        for (iteration, at, _), end in zip(begun, ends, strict=True):
            progress = measured.get(iteration, {}).get("progress")
            answers.append(
                {
                    "iteration": iteration,
                    "from": rfc3339(at),
                    "to": rfc3339(end) if end else None,
                    "time": ((end or self.now) - at).total_seconds(),
                    "progress": progress,
                    "gain": None if progress is None else progress - before,
                    "risk_exposure": float(self.chance.randrange(4, 40)),
                }
            )
            before = progress if progress is not None else before
        return answers

    def _measure(self) -> None:
        self.progress += self.chance.uniform(-0.05, 0.45)
        known = self.chance.random() < 0.85
        self.measured.append(
            {
                "iteration": self.iteration,
                "at": rfc3339(self.now),
                "value": 900 - 270 * self.progress,
                "progress": self.progress if known else None,
            }
        )

    def _spans(self, entered: datetime, left: datetime, over: bool) -> None:
        for kind, likely in (("blocked", 0.15), ("paused", 0.1)):
            if self.chance.random() < likely:
                start = entered + (left - entered) * self.chance.random()
                if over and self.chance.random() < 0.7:
                    self.status, end = kind, None
                else:
                    end = rfc3339(start + (left - start) * self.chance.random())
                self.spans.append({"kind": kind, "from": rfc3339(start), "to": end})

    def _gate(self, milestone: str, entered: datetime, left: datetime, over: bool) -> None:
        for role in ROLES:
            if self.chance.random() < 0.4:
                asked = entered + (left - entered) * self.chance.random()
                decision = None if over else "rejected" if self.chance.random() < 0.15 else "approved"
                answered = None if over else asked + (left - asked) * self.chance.random()
                self.gates.append(
                    {
                        "milestone": milestone,
                        "role": role,
                        "requested_at": rfc3339(asked),
                        "answered_at": rfc3339(answered) if answered else None,
                        "decision": decision,
                        "seconds": (answered - asked).total_seconds() if answered else None,
                    }
                )


def _seconds(span: Answer, end: datetime) -> float:
    return ((instant(span["to"]) if span["to"] else end) - instant(span["from"])).total_seconds()


def _sum(visits: Sequence[Answer], name: str) -> float | None:
    found = [each["seconds"] for each in visits if each["milestone"] == name]
    return sum(found) if found else None


def initiative(number: int, walk: _Walk, begun: datetime, end: datetime) -> Answer:
    """What the answer says of one initiative."""
    cycles = walk.cycles
    open_one = cycles[-1] if cycles and cycles[-1]["outcome"] == "open" else None
    first = cycles[0]["finished_at"] if cycles else None
    return {
        "key": f"SUP-{number}",
        "title": TITLES[number % len(TITLES)],
        "status": walk.status,
        "milestone": walk.milestone,
        "begun_at": rfc3339(begun),
        "lead_time": (instant(first) - begun).total_seconds() if first else None,
        "age": (end - instant(open_one["started_at"])).total_seconds() if open_one else None,
        "total_age": (end - instant(cycles[0]["started_at"])).total_seconds() if open_one else None,
        "expected_iterations": [2, 4] if number % 2 else None,
        "iteration": walk.iteration,
        "backward_moves": {k: sum(each["backward_moves"][k] for each in cycles) for k in LOOPS},
        "cycles": cycles,
        "live": walk.live,
        "spans": walk.spans,
        "gates": walk.gates,
        "outcome": {
            "metric": "tickets",
            "unit": "per week",
            "baseline": 900,
            "target": 630,
            "by": "2026-12-31",
            "measurements": [{k: each[k] for k in ("at", "value", "progress")} for each in walk.measured],
        }
        if walk.measured
        else None,
    }


def made(
    count: int, *, seed: int = 6, days: int = 540, loops: float = 0.25, key: str | None = None
) -> Answer:
    """An answer about so many initiatives of the last `days`."""
    chance = random.Random(seed)
    start = TODAY - timedelta(days=days)
    found = []
    for number in range(1, count + 1):
        begun = start + timedelta(days=chance.uniform(0, days * 0.85))
        found.append(initiative(number, _Walk(chance, begun, TODAY, loops), begun, TODAY))
    return answer_of(found, start, TODAY, key=key)


def answer_of(
    initiatives: Sequence[Answer], start: datetime, end: datetime, key: str | None = None
) -> Answer:
    """The whole answer about these initiatives, over this window."""
    cycles = [(each["key"], cycle) for each in initiatives for cycle in each["cycles"]]
    finished = [(name, cycle) for name, cycle in cycles if cycle["finished_at"]]
    return {
        "definition": "metrics/1",
        "as_of": rfc3339(end),
        "known_at": rfc3339(end),
        "position": 165,
        "head": "eddb1954" * 8,
        "zone": "UTC",
        "filter": {"key": key, "from": None, "to": None, "milestone": None, "role": None, "segment": None},
        "window": [rfc3339(start), rfc3339(end)],
        "workflow": {"milestones": list(MILESTONES), "start": MILESTONES[0], "finish": [FINISH]},
        "n": len(finished),
        "unfinished": sum(cycle["outcome"] == "open" for _, cycle in cycles),
        "left_out": [],
        "cycle_time": summary([(name, cycle["cycle_time"]) for name, cycle in finished]),
        "lead_time": summary([(x["key"], x["lead_time"]) for x in initiatives if x["lead_time"] is not None]),
        "throughput": _throughput(initiatives, start, end),
        "time_in_milestone": _in_milestones(cycles),
        "gate_latency": {role: _latency(initiatives, role) for role in ROLES},
        "outcome_progress": [
            {"iteration": at, "n": len(values), "p50": nearest_rank(values, 0.5), "gain": None}
            for at, values in _by_iteration(cycles, "progress")
        ],
        "risk_exposure": [
            {"iteration": at, "value": sum(values) / len(values), "n": len(values)}
            for at, values in _by_iteration(cycles, "risk_exposure")
        ],
        "initiatives": list(initiatives),
    }


def summary(items: Sequence[tuple[str, float]]) -> Answer:
    """n and the percentiles, or the items themselves."""
    values = sorted(value for _, value in items)
    few = len(values) < 5
    said: Answer = {"n": len(values)}
    for name, p in (("p50", 0.5), ("p85", 0.85), ("p95", 0.95)):
        said[name] = None if few else nearest_rank(values, p)
    if few:
        said["items"] = [{"key": key, "seconds": value} for key, value in items]
    return said


def nearest_rank(values: Iterable[float], p: float) -> float:
    ordered = sorted(values)
    return ordered[max(1, math.ceil(round(p * len(ordered), 9))) - 1]


def _by_iteration(cycles: Sequence[tuple[str, Answer]], field: str) -> list[tuple[int, list[float]]]:
    found: dict[int, list[float]] = {}
    for _, cycle in cycles:
        for each in cycle["iterations"]:
            if each[field] is not None:
                found.setdefault(each["iteration"], []).append(each[field])
    return sorted(found.items())


def _throughput(initiatives: Sequence[Answer], start: datetime, end: datetime) -> list[Answer]:
    length = max(timedelta(days=1), (end - start) / 40)
    edges = [start]
    while edges[-1] < end:
        edges.append(edges[-1] + length)
    finishes = [
        (cycle["finished_at"], place == 0)
        for each in initiatives
        for place, cycle in enumerate(each["cycles"])
        if cycle["finished_at"]
    ]
    answers = []
    for a, b in pairwise(edges):
        low, high = rfc3339(a), rfc3339(b)
        within = [first for at, first in finishes if low <= at < high]
        answers.append({"from": low, "to": high, "initiatives": sum(within), "cycles": len(within)})
    return answers


def stood(cycle: Answer, visit: Answer) -> float:
    """How long a visit was, without the time since the initiative was stopped."""
    if cycle["ended_at"] is None:
        return float(visit["seconds"])
    return min(
        float(visit["seconds"]), (instant(cycle["ended_at"]) - instant(visit["entered_at"])).total_seconds()
    )


def _in_milestones(cycles: Sequence[tuple[str, Answer]]) -> Answer:
    found: dict[str, dict[int, list[float]]] = {}
    for _, cycle in cycles:
        for each in cycle["visits"]:
            found.setdefault(each["milestone"], {}).setdefault(each["visit"], []).append(stood(cycle, each))
    return {
        name: [{"visit": visit, "n": len(v), "seconds": sum(v)} for visit, v in sorted(visits.items())]
        for name, visits in found.items()
    }


def _latency(initiatives: Sequence[Answer], role: str) -> Answer:
    rounds = [(x["key"], gate) for x in initiatives for gate in x["gates"] if gate["role"] == role]

    def of(decision: str) -> Answer:
        said = summary([(key, gate["seconds"]) for key, gate in rounds if gate["decision"] == decision])
        del said["p95"]
        return said

    return {
        **of("approved"),
        "open": sum(gate["decision"] is None for _, gate in rounds),
        "rejected": of("rejected"),
    }


def fan(days: int = 90, most: int = 14) -> Answer:
    """A forecast's answer: how many more finish by each date, with which probability."""
    step = [math.floor(most * day / days) for day in range(0, days + 1, 3)]
    return {
        "definition": "forecast/1",
        "as_of": rfc3339(TODAY),
        "known_at": rfc3339(TODAY),
        "position": 165,
        "head": "eddb1954" * 8,
        "zone": "UTC",
        "seed": 7,
        "trials": 10_000,
        "n": 24,
        "insufficient": None,
        "question": {"count": None},
        "percentiles": dict.fromkeys(("p50", "p70", "p85", "p95")),
        "filter": dict.fromkeys(("key", "from", "to", "milestone", "role", "segment")),
        "window": [rfc3339(TODAY - timedelta(days=180)), rfc3339(TODAY)],
        "fan": [
            {
                "at": f"{TODAY + timedelta(days=3 * place):%Y-%m-%d}",
                "p50": count,
                "p70": math.floor(count * 0.85),
                "p85": math.floor(count * 0.65),
                "p95": math.floor(count * 0.4),
            }
            for place, count in enumerate(step)
        ],
    }
