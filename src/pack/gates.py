"""Tables about gates: votes, what each gate passed with, criteria with their results, and evidence."""

from collections.abc import Iterator
from typing import Any

from roadlog.domain.events import CriterionSet
from roadlog.domain.keys import number_of
from roadlog.pack.changes import HAPPENED, POSITION, RECORDED, WHERE, WHO
from roadlog.pack.table import Column, Row, Table
from roadlog.pack.told import Told


def approvals(told: Told) -> Table:
    """Every vote, by role and gate, with what it was about and whether it counts."""
    columns = (
        *(WHERE, Column("milestone", "Gate"), Column("cycle"), Column("iteration")),
        *(Column("role", "As"), Column("stakeholder", "Who"), Column("decision", "Decision"), POSITION),
        *(Column("recorded_at"), HAPPENED),
        *(Column("counted"), Column("counts_now"), Column("standing", "How it stands")),
        *(Column("valid_until", "Valid until", "more"), Column("conditions", "Conditions", "more")),
        *(Column("statement", "Said", "more"), Column("held_role"), Column("was_owner"), Column("kind")),
        Column("signed", "Signed", "yes"),
        Column("subject_digest", "About", "more"),
    )
    rows = [
        _vote(key, each, told)
        for key, page in told.pages.items()
        for each in page["approvals"]
        if told.scope.holds(each["position"])
    ]
    return Table(
        name="approvals",
        title="Approvals",
        note="Each vote with the SHA-256 of what was shown to the voter (the subject digest). When that "
        "changes, the approval is stale and counts no longer.",
        empty="Nobody voted in this time.",
        columns=columns,
        rows=rows,
    )


def _vote(key: str, vote: dict[str, Any], told: Told) -> Row:
    conditions = [
        each["text"] + (f" (due {each['due']})" if each["due"] else "") + _met(each["met_by"])
        for each in vote["conditions"]
    ]
    return (
        *(key, vote["milestone"] or "backlog", vote["cycle"], vote["iteration"], vote["role"]),
        *(vote["stakeholder"], vote["decision"], vote["position"], told.recorded[vote["position"]]),
        *(vote["at"], vote["counted"], vote["counts"], vote["why_not"] or "counts now"),
        *(vote["valid_until"], conditions, vote["statement"] or vote["reason"], vote["held"]),
        *(vote["was_owner"], vote["kind"], vote["signature"] is not None, vote["subject"]),
    )


def _met(position: int | None) -> str:
    return ", not met" if position is None else f", met by #{position}"


def gates(told: Told) -> Table:
    """What each gate was passed with, requirement by requirement."""
    columns = (
        *(POSITION, RECORDED, HAPPENED, WHERE, WHO, Column("milestone", "Gate")),
        *(Column("requirement", "Requirement"), Column("met", "Met", "yes")),
        *(Column("by", "By records"), Column("voters", "Votes of"), Column("waiver", "Waiver", "position")),
    )
    rows = [
        (
            *(each["position"], each["recorded_at"], each["effective_at"], each["key"], each["actor"]),
            *(line["milestone"] or "backlog", line["requirement"], line["met"]),
            *([f"#{by}" for by in line["by"]], line["who"], line["waiver"]),
        )
        for each in told.entries
        for line in each["gate"] or ()
    ]
    return Table(
        name="gates",
        title="Gates that were passed",
        note="As roadlog judged each requirement when the move was recorded, and by which records.",
        empty="No gate was passed in this time.",
        columns=columns,
        rows=rows,
    )


def criteria(told: Told) -> Table:
    """Thresholds with when they were set, and results with when they were measured."""
    columns = (
        *(WHERE, Column("criterion", "Criterion"), Column("milestone", "Gate"), Column("metric", "Metric")),
        *(Column("threshold", "Threshold"), Column("segment", "Segment", "more"), Column("dataset")),
        *(Column("set_position", "Set", "position"), Column("set_at", "Set at", "more"), Column("set_by")),
        *(Column("value", "Value", "number"), Column("sample", "Sample", "more")),
        *(Column("low", "Low", "more"), Column("high", "High", "more"), Column("verdict", "Verdict")),
        *(Column("result_position", "Measured", "position"), Column("measured_at", "Measured at", "more")),
        Column("counts", "Counts now", "yes"),
    )
    return Table(
        name="criteria",
        title="Criteria and results",
        note="A result counts only for a criterion recorded before it: compare “set” with “measured”.",
        empty="No criterion was set and no result recorded in this time.",
        columns=columns,
        rows=sorted(_criteria(told), key=lambda row: (number_of(row[0]), row[7])),
    )


def _criteria(told: Told) -> Iterator[Row]:
    """A row for each result of a criterion, under it; one without any where there is none."""
    results: dict[int, list[dict[str, Any]]] = {}
    for page in told.pages.values():
        for each in page["results"]:
            if told.scope.holds(each["position"]):
                results.setdefault(each["criterion_position"], []).append(each)
    for record in told.scope.records:
        event = record.event
        if not isinstance(event, CriterionSet):
            continue
        left = (
            *(record.stream, event.criterion, event.milestone, event.metric),
            *(f"{event.operator} {event.threshold}", event.segment, event.dataset),
            *(record.position, told.recorded[record.position], record.actor.id),
        )
        found = results.get(record.position, [])
        if not found and told.scope.holds(record.position):
            yield (*left, *[None] * 8)
        for each in found:
            yield (*left, *_result(each, told))


def _result(result: dict[str, Any], told: Told) -> Row:
    fields = ("value", "sample", "low", "high", "verdict", "position")
    measured = told.recorded[result["position"]]
    return (*(result[each] for each in fields), measured, result["counts"])


def evidence(told: Told) -> Table:
    """Files and links, each fixed by its digest."""
    columns = (
        *(WHERE, Column("id", "Id"), POSITION, Column("attached_at", "Attached", "time"), WHO),
        *(Column("kind", "Kind"), Column("title", "Title"), Column("where", "Where")),
        *(Column("media_type"), Column("bytes", "Bytes", "number"), Column("sha256", "SHA-256", "hash")),
    )
    fields = ("id", "position", "at", "by", "kind", "title", "uri", "media_type", "size", "sha256")
    return Table(
        name="evidence",
        title="Evidence",
        note="Files stay where they are kept and are no part of this pack: ask for them, and compare their "
        "SHA-256 with the one recorded here.",
        empty="No evidence was attached in this time.",
        columns=columns,
        rows=told.parts("evidence", fields),
    )
