"""What pm4py finds in logs, as JSON: XES and OCEL files, in pairs. The Python of build/pm4py runs it.

Durations are seconds. Rework is the time in stays in a milestone after the first one there.
"""

import json
import sys
import warnings
from typing import Any

import pm4py

MOVES = ["MilestoneAdvanced", "MilestoneReturned", "InitiativeAdopted"]
CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"


def of_xes(path: str) -> dict[str, Any]:
    """Of each trace: how long it is, and the time in milestones that it had been in before."""
    log = pm4py.read_xes(path, variant="iterparse")
    rework = {}
    for case, events in log.groupby(CASE, sort=False):
        stays = (events[TIME].shift(-1) - events[TIME]).dt.total_seconds()
        rework[case] = float(stays[events[ACTIVITY].duplicated()].sum())
    return {
        "durations": {case: pm4py.get_case_duration(log, case) for case in rework},
        "all": pm4py.get_all_case_durations(log),
        "reworked": pm4py.get_rework_cases_per_activity(log),
        "rework": rework,
        "outcomes": log.groupby(CASE)["case:outcome"].first().to_dict(),
        "measured": log.groupby(CASE)["case:rework"].first().to_dict(),
    }


def of_ocel(path: str) -> dict[str, Any]:
    """Of each cycle, flattened to its moves: how long it is, and the time in later stays in a milestone."""
    log = pm4py.read_ocel2_json(path)
    cycles = pm4py.ocel_flattening(log, "cycle")
    moves = pm4py.filter_ocel_event_attribute(log, "ocel:activity", MOVES)
    visits = pm4py.ocel_flattening(moves, "milestone visit")
    durations = {case: pm4py.get_case_duration(visits, case) for case in visits[CASE].unique()}
    inside = log.o2o[log.o2o["ocel:qualifier"] == "in"]
    within = dict(zip(inside["ocel:oid"], inside["ocel:oid_2"], strict=True))
    numbers = dict(zip(log.objects["ocel:oid"], log.objects["visit"], strict=True))
    rework = dict.fromkeys(cycles[CASE].unique(), 0.0)
    for visit, cycle in within.items():
        if numbers[visit] > 1:
            rework[cycle] += durations[visit]
    return {
        "durations": {case: pm4py.get_case_duration(cycles, case) for case in rework},
        "rework": rework,
        "events": len(log.events),
        "objects": log.objects["ocel:type"].value_counts().to_dict(),
    }


def main() -> None:
    warnings.simplefilter("ignore")
    pairs = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
    answer = [{"xes": of_xes(xes), "ocel": of_ocel(ocel)} for xes, ocel in pairs]
    sys.stdout.write(f"\n{json.dumps(answer)}\n")  # pm4py greets on stdout


if __name__ == "__main__":
    main()
