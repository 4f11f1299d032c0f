"""Tables of the course of things: milestones, iterations, outcomes, risks, edge cases and incidents."""

from typing import Any

from roadlog.domain.keys import number_of
from roadlog.pack.changes import HAPPENED, POSITION, RECORDED, WHERE, WHO
from roadlog.pack.table import Column, Row, Table, in_days
from roadlog.pack.told import Told
from roadlog.projections.metrics.cycles import cycles
from roadlog.projections.metrics.iterations import iterations as iterations_of


def milestones(told: Told) -> Table:
    """Where it stood, from when to when, and why it went back."""
    columns = (
        *(WHERE, Column("cycle", "Cycle", "number"), Column("iteration", "Iteration", "number")),
        *(Column("milestone", "Milestone"), Column("visit", "Visit", "number")),
        *(Column("entered_at", "Entered", "time"), Column("left_at", "Left", "time")),
        *(Column("days", "Days", "number"), Column("began", "By a move"), Column("loop", "Back for", "more")),
        *(Column("learned", "Learned", "more"), Column("change", "Will be different", "more")),
    )
    return Table(
        name="milestones",
        title="Timeline",
        note="Each stay in a milestone. A backward move ends an iteration and begins the next.",
        empty="The work was not started in this time.",
        columns=columns,
        rows=[
            row
            for key, state in told.states.items()
            for visit, row in zip(state.visits, map(_visit, told.pages[key]["visits"]), strict=True)
            for row in ((key, *row),)
            if visit.left_by is None or visit.left_by > told.scope.after
        ],
    )


def _visit(visit: dict[str, Any]) -> Row:
    fields = ("cycle", "iteration", "milestone", "visit", "entered_at", "left_at")
    told = ("began", "loop", "learned", "change")
    return (*(visit[each] for each in fields), in_days(visit["seconds"]), *(visit[each] for each in told))


def iterations(told: Told) -> Table:
    """How often it went forward, and how far the outcome had come each time."""
    at = told.scope.moment.as_of
    columns = (
        *(WHERE, Column("cycle", "Cycle", "number"), Column("iteration", "Iteration", "number")),
        *(Column("from", "From", "time"), Column("to", "To", "time"), Column("days", "Days", "number")),
        *(Column("progress", "Way to the target", "text"), Column("expected", "Iterations expected")),
    )
    rows: list[Row] = []
    for key, state in told.states.items():
        expected = state.expectation
        said = f"{expected.iterations_from} to {expected.iterations_to}" if expected else "not said"
        for cycle in cycles(state, told.scope.workflow):
            answers = iterations_of(cycle, state, cycle.until(at))
            rows += [(key, cycle.number, *_iteration(each), said) for each in answers]
    return Table(
        name="iterations",
        title="Iterations",
        note="The way to the target is measured on the first outcome: 0 % is the baseline, 100 % the target.",
        empty="No iteration was begun.",
        columns=columns,
        rows=rows,
    )


def _iteration(each: dict[str, Any]) -> Row:
    progress = each["progress"]
    way = "not measured" if progress is None else f"{progress * 100:.0f} %"
    return (each["iteration"], each["from"], each["to"], in_days(each["time"]), way)


def outcomes(told: Told) -> Table:
    """What was measured in the world, against what was promised."""
    columns = (
        *(WHERE, Column("metric", "Outcome"), Column("unit", "Unit"), POSITION, RECORDED, HAPPENED),
        *(Column("value", "Measured", "number"), Column("sample", "Sample", "number")),
        *(Column("baseline", "Baseline", "number"), Column("target", "Target", "number")),
        *(Column("by", "By"), Column("evidence", "Evidence")),
    )
    rows = [
        (
            *(key, outcome["metric"], outcome["unit"], each["position"], told.recorded[each["position"]]),
            *(each["at"], each["value"], each["sample"], outcome["baseline"], outcome["goal"]),
            *(outcome["by"], each["evidence"]),
        )
        for key, page in told.pages.items()
        for outcome in page["outcomes"]
        for each in outcome["measurements"]
        if told.scope.holds(each["position"])
    ]
    return Table(
        name="outcomes",
        title="Outcomes measured",
        note="Values of the outcome's metric in the world, against the baseline and the target of today.",
        empty="No outcome was measured in this time.",
        columns=columns,
        rows=rows,
    )


def risks(told: Told) -> Table:
    """The register as it changed: each risk after each record about it."""
    columns = (
        *(WHERE, Column("risk", "Risk"), Column("category"), Column("description")),
        *(POSITION, Column("recorded_at"), HAPPENED, WHO, Column("what", "What")),
        *(Column("likelihood"), Column("impact"), Column("score", "Score", "number")),
        *(Column("residual", "Residual", "number"), Column("treatment"), Column("open", "Open", "yes")),
        *(Column("accepted_until", "Accepted until", "more"), Column("owner"), Column("why", "Why", "more")),
    )
    rows = [
        _risk(each, change["after"])
        for each in told.entries
        for change in each["changes"]
        if change["field"] == "risks" and change["after"] is not None
    ]
    rows.sort(key=lambda row: (number_of(row[0]), len(row[1]), row[1], row[4]))
    return Table(
        name="risks",
        title="Risk register over time",
        note=f"Each risk after each record about it. Score is likelihood × impact, each 1 to 5; the policy "
        f"wants those of {told.risk_threshold} or more treated or accepted.",
        empty="No risk was logged, scored, treated or closed in this time.",
        columns=columns,
        rows=rows,
    )


def _risk(entry: dict[str, Any], risk: dict[str, Any]) -> Row:
    score = risk["likelihood"] * risk["impact"]
    treated = risk["residual_likelihood"] is not None and risk["residual_impact"] is not None
    accepted = risk["accepted"]
    return (
        *(entry["key"], risk["id"], risk["category"], risk["description"], entry["position"]),
        *(entry["recorded_at"], entry["effective_at"], entry["actor"], entry["sentence"]),
        *(risk["likelihood"], risk["impact"], score),
        risk["residual_likelihood"] * risk["residual_impact"] if treated else score,
        *(risk["treatment"], risk["open"], accepted and accepted["until"], risk["owner"], entry["reason"]),
    )


def edge_cases(told: Told) -> Table:
    """Inputs that the feature handled badly, and what became of them."""
    columns = (
        *(WHERE, Column("id", "Id"), POSITION, Column("seen_at", "Happened", "time")),
        *(
            Column("severity", "Severity", "number"),
            Column("description", "What"),
            Column("source", "Seen in"),
        ),
        *(
            Column("risk", "Risk"),
            Column("outcome", "Became"),
            Column("triaged_by", "Triaged by", "position"),
        ),
    )
    fields = (
        *("id", "position", "at", "severity", "description", "source", "risk", "outcome"),
        "triaged_by",
    )
    return Table(
        name="edge-cases",
        title="Edge cases",
        note="Observed inputs that were handled badly.",
        empty="No edge case was logged in this time.",
        columns=columns,
        rows=told.parts("edge_cases", fields),
    )


def incidents(told: Told) -> Table:
    """What went wrong for users, and who was told."""
    columns = (
        *(WHERE, Column("id", "Id"), POSITION, Column("aware_at", "Aware", "time")),
        *(Column("severity", "Severity", "number"), Column("description", "What")),
        *(Column("closed_at", "Closed", "time"), Column("reported", "Reported to")),
    )
    fields = ("id", "position", "aware_at", "severity", "description", "closed_at")
    rows = [
        (key, *(each[field] for field in fields), [f"{to['to']}, {to['at']}" for to in each["reported"]])
        for key, page in told.pages.items()
        for each in page["incidents"]
        if told.scope.holds(each["position"])
    ]
    return Table(
        name="incidents",
        title="Incidents",
        note="From when we became aware, reporting clocks run.",
        empty="No incident was recorded in this time.",
        columns=columns,
        rows=rows,
    )
