"""What a log says, told again in the plainest way: the key facts of each initiative, from its records alone.

Nothing of roadlog's folds is used here: dictionaries, lists and counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import structs

from roadlog.domain.records import Record

ORDER = ("feasibility", "prototype", "training", "integration", "experimentation", "live")
"""Of every built-in workflow; the first begins a cycle, the last ends it."""
Told = tuple[int, str, dict[str, Any]]
"""A record's position, type and data."""


def told(records: Iterable[Record], key: str) -> list[Told]:
    """What the records of an initiative say, but for those that were voided."""
    mine = [each for each in records if each.stream == key]
    everything = [(each.position, each.type, structs.asdict(each.event)) for each in mine]
    voided = {data["position"] for _, kind, data in everything if kind == "RecordVoided"}
    return [each for each in everything if each[0] not in voided]


def facts(records: Sequence[Record], key: str) -> dict[str, Any]:
    """The facts of an initiative, under the names that its page has for them."""
    said = told(records, key)
    return {
        **_plan(said),
        **_place(said),
        "status": _status(said),
        "evidence": _made(said, "EvidenceAttached", "evidence"),
        "risks": _made(said, "RiskLogged", "risk"),
        "open_risks": len(_open(said, "Risk", "risk", "Logged")),
        "edge_cases": _made(said, "EdgeCaseLogged", "case"),
        "incidents": _made(said, "IncidentOpened", "incident"),
        "notes": [data["text"] for _, kind, data in said if kind == "NoteAdded"],
        "version": sum(each.stream == key for each in records),
    }


def _plan(said: list[Told]) -> dict[str, Any]:
    """What is kept as it was last said."""
    found: dict[str, Any] = dict.fromkeys(("title", "problem", "owner", "horizon", "rank", "rollout"))
    found["dependencies"] = []
    for _, kind, data in said:
        match kind:
            case "ProblemDefined" | "ProblemReframed" | "InitiativeAdopted":
                found |= {
                    name: data[name]
                    for name in ("title", "problem", "owner")
                    if name in data and (data[name] is not None or kind == "ProblemDefined")
                }
            case "OwnerChanged":
                found["owner"] = data["owner"]
            case "InitiativePlaced":
                found |= {"horizon": data["horizon"], "rank": data["rank"]}
            case "RolloutSet":
                found["rollout"] = data["percent"]
            case "DependencyAdded":
                found["dependencies"].append(data["on"])
            case "DependencyRemoved":
                found["dependencies"].remove(data["on"])
            case _:
                pass
    return found


def _place(said: list[Told]) -> dict[str, Any]:
    """Where it stands, counted from its moves."""
    milestone, cycle, iteration, here = None, 0, 0, list[str]()
    for _, kind, data in said:
        if kind not in ("InitiativeAdopted", "MilestoneAdvanced", "MilestoneReturned"):
            continue
        back = kind == "MilestoneReturned"
        if not cycle or (back and ORDER[-1] in here):
            cycle, here = cycle + 1, []
        iteration = iteration + 1 if back or not iteration else iteration
        milestone = data["milestone"] if kind == "InitiativeAdopted" else data["to"]
        here.append(milestone)
    visit = here.count(milestone) if milestone else 0
    return {"milestone": milestone, "cycle": cycle, "iteration": iteration, "visit": visit}


def _status(said: list[Told]) -> str:
    """The gravest of what holds."""
    held = set()
    for _, kind, _ in said:
        match kind:
            case "InitiativeRetired":
                held.add("retired")
            case "InitiativeStopped":
                held.add("stopped")
            case "InitiativeReopened":
                held.discard("stopped")
            case "WorkPaused":
                held.add("paused")
            case "WorkResumed":
                held.discard("paused")
            case "WorkBlocked":
                held.add("blocked")
            case "WorkUnblocked":
                held.discard("blocked")
            case _:
                pass
    for each in ("retired", "stopped", "paused", "blocked"):
        if each in held:
            return each
    milestone = _place(said)["milestone"]
    return "live" if milestone == ORDER[-1] else "active" if milestone else "backlog"


def _made(said: list[Told], kind: str, name: str) -> list[str]:
    return [data[name] for _, each, data in said if each == kind]


def _open(said: list[Told], what: str, name: str, begun: str) -> set[str]:
    open_ = set()
    for _, kind, data in said:
        if kind in (f"{what}{begun}", f"{what}Reopened"):
            open_.add(data[name])
        elif kind == f"{what}Closed":
            open_.discard(data[name])
    return open_
