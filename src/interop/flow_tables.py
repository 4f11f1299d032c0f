"""Tables of how the work goes: initiatives, stays in milestones, cycles and iterations."""

from collections.abc import Iterator

from roadlog.interop.exported import Initiative
from roadlog.interop.table_shapes import OF, Table, Values, columns_of


def _initiatives(each: Initiative) -> Iterator[Values]:
    page, metrics, state = each.page, each.metrics, each.state
    outcome: Values = page["outcome"] or {}
    expected = page["expected_iterations"] or (None, None)
    said = ("metric", "unit", "baseline", "by", "latest", "progress")
    yield {
        **page,
        **{name: outcome.get(name) for name in said},
        "target": outcome.get("goal"),
        "expected_from": expected[0],
        "expected_to": expected[1],
        "risk_class": state.classification.risk_class if state.classification else None,
        "lead_time": metrics["lead_time"],
        "age": metrics["age"],
        "total_age": metrics["total_age"],
        "cycles": len(metrics["cycles"]),
    }


INITIATIVES = Table(
    "initiatives",
    "Every initiative as it stood",
    columns_of("""
        key text the initiative's key
        title text its title
        problem text what hurts, for whom
        approach text how one thinks to solve it
        segments list the segments that the problem names
        owner text the handle of who answers for it
        status text backlog, active, blocked, paused, live, stopped or retired
        milestone text where it stands; empty in the backlog
        cycle integer the present cycle, 0 before the first
        iteration integer the present iteration, counted on from cycle to cycle
        cycles integer how many cycles were begun on this record
        horizon text now, next or later
        rank integer its place in its horizon
        defined_at time when its problem was defined
        adopted_since time since when adopted work was under way
        imported yes whether it came by an import
        lead_time number seconds from its beginning to its first finish; empty before that
        age number seconds since the unfinished cycle started; empty where there is none
        total_age number seconds since the first start; empty where no cycle is unfinished
        expected_from integer the fewest iterations that people were told to expect
        expected_to integer the most
        metric text the first outcome's metric
        unit text its unit
        baseline number its baseline
        target number its target, in the unit
        by text the day by which
        latest number its latest measurement
        progress number how far that is from the baseline to the target: 0 to 1
        risk_class text minimal, limited, high or prohibited
        open_risks integer how many of its risks are open
        version integer how many records it has
    """),
    _initiatives,
)


def _visits(each: Initiative) -> Iterator[Values]:
    counted = {
        (cycle["cycle"], visit["milestone"], visit["visit"])
        for cycle in each.metrics["cycles"]
        for visit in cycle["visits"]
    }
    for visit in each.page["visits"]:
        place = (visit["cycle"], visit["milestone"], visit["visit"])
        yield {**visit, "initiative": each.key, "in_cycle": place in counted}


VISITS = Table(
    "visits",
    "Every stay in a milestone",
    columns_of(f"""
        {OF}
        cycle integer the cycle that it belongs to
        iteration integer the iteration, counted on from cycle to cycle
        milestone text where it stood
        visit integer the how manieth stay there in the cycle; 2 or more is rework
        began text forward, backward or adopted
        loop text of a backward move: learning, rework, drift, rejection or scope
        learned text of a backward move: what was learned
        change text of a backward move: what will be different
        entered_at time when it came there
        left_at time when it left; empty while it stands there
        seconds number how long that is, up to the moment of the export
        in_cycle yes whether it is part of its cycle's time; stays from the finish on are not
    """),
    _visits,
)


def _cycles(each: Initiative) -> Iterator[Values]:
    for cycle in each.metrics["cycles"]:
        moves = {f"backward_{loop}": count for loop, count in cycle["backward_moves"].items()}
        told = {"initiative": each.key, "iterations": len(cycle["iterations"]), "backward_unstated": 0}
        yield {**cycle, **told, **moves}


CYCLES = Table(
    "cycles",
    "Every cycle, as metrics/1 measures it",
    columns_of(f"""
        {OF}
        cycle integer its number
        started_at time when it started
        finished_at time when it finished; empty where it has not
        ended_at time when it was stopped or retired; empty where it was not
        outcome text finished, open, stopped, or ended in another way, as by retiring
        cycle_time number seconds from the start to the finish; empty where it has not finished
        inclusive_days integer days of UTC from the start to the finish, both included; empty likewise
        waiting number seconds in which it was blocked, paused, stopped or awaited approval
        paused number seconds in which it was paused
        active number seconds that are left
        rework number seconds in stays numbered 2 or more
        catch_up number seconds below the highest milestone that was reached
        iterations integer how many iterations it had
        backward_learning integer backward moves to learn
        backward_rework integer backward moves to rework
        backward_drift integer backward moves because the world changed
        backward_rejection integer backward moves because somebody rejected it
        backward_scope integer backward moves because the scope changed
        backward_unstated integer backward moves that an import gave no kind
    """),
    _cycles,
)


def _iterations(each: Initiative) -> Iterator[Values]:
    for cycle in each.metrics["cycles"]:
        for told in cycle["iterations"]:
            yield {**told, "initiative": each.key, "cycle": cycle["cycle"]}


ITERATIONS = Table(
    "iterations",
    "Every iteration of a cycle",
    columns_of(f"""
        {OF}
        cycle integer the cycle
        iteration integer its number, counted on from cycle to cycle
        from time when it began
        to time when it ended, by a backward move or the finish; empty while it goes on
        time number seconds that it took, up to the moment of the export
        ended_at time its very end, with the backward move that follows, also from the finish
        progress number how far the first outcome had come by that end: 0 to 1
        gain number how much further that is than when it began
        risk_exposure number what remained of the open risks at that end, likelihood times impact, summed up
    """),
    _iterations,
)
