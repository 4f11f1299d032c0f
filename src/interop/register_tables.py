"""Tables of what stood: votes, risks and measurements."""

from collections.abc import Iterator

from roadlog.interop.exported import Initiative
from roadlog.interop.table_shapes import OF, Table, Values, columns_of


def _approvals(each: Initiative) -> Iterator[Values]:
    for vote in each.page["approvals"]:
        conditions = [condition["text"] for condition in vote["conditions"]]
        yield {**vote, "initiative": each.key, "conditions": conditions}


APPROVALS = Table(
    "approvals",
    "Every vote",
    columns_of(f"""
        {OF}
        position integer the record of the vote
        at time when it was given
        milestone text whose gate; empty of the backlog's
        cycle integer the cycle
        iteration integer the iteration
        role text as what
        stakeholder text the handle of the voter
        kind text human, agent or system
        assurance text how sure it is who voted
        decision text approved, rejected or abstained
        counts yes whether the present gate rests on it
        why_not text what speaks against that
        counted yes whether a gate that was passed rested on it
        statement text what the approver said
        reason text why
        conditions list what the approver still asks for
        valid_until time until when it is good; empty where that is open
        held yes whether the voter held the role then
        was_owner yes whether the initiative was the voter's then
        withdrawn_by integer the record that took it back
        superseded_by integer the later vote that stands instead
        subject text the SHA-256 of what was shown to the voter, in hex
    """),
    _approvals,
)


def _risks(each: Initiative) -> Iterator[Values]:
    for risk in each.page["risks"]:
        accepted = risk["accepted"] or {"until": None, "by": None}
        told = {"accepted_until": accepted["until"], "accepted_by": accepted["by"]}
        yield {**risk, "initiative": each.key, **told}


RISKS = Table(
    "risks",
    "Every risk as it stood",
    columns_of(f"""
        {OF}
        id text its id in the initiative
        position integer the record that logged it
        logged_at time when it was seen
        category text its category
        description text what may go wrong
        likelihood integer 1 to 5
        impact integer 1 to 5
        score integer likelihood times impact
        treatment text how it was treated
        residual_likelihood integer what the treatment left, 1 to 5
        residual_impact integer what the treatment left, 1 to 5
        residual integer the product of these two, or the score where it was not treated
        owner text the handle of who looks after it
        catalogue text its id in the catalogue, where it came from there
        accepted_until time until when somebody accepted what remains
        accepted_by text who did
        open yes whether it is open
    """),
    _risks,
)


def _measurements(each: Initiative) -> Iterator[Values]:
    for metric, outcome in each.state.outcomes.items():
        told = next(one for one in each.page["outcomes"] if one["metric"] == metric)
        for measured in told["measurements"]:
            yield {
                **told,
                **measured,
                "initiative": each.key,
                "target": told["goal"],
                "progress": outcome.progress(measured["value"]),
            }


MEASUREMENTS = Table(
    "measurements",
    "Every value that was measured of an outcome",
    columns_of(f"""
        {OF}
        metric text the outcome's metric
        unit text its unit
        position integer the record of the measurement
        at time when it was measured
        value number what was measured
        sample integer of how many
        baseline number the outcome's baseline
        target number its target, in the unit
        progress number how far the value is from the baseline to the target: 0 to 1
        evidence text the evidence that shows it
    """),
    _measurements,
)
