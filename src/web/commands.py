"""What may be wished over the web: commands by the names of the command line, and how values become them."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import FieldInfo, fields, replace

from roadlog import recorded
from roadlog.application import Application, Client, Done, Wish
from roadlog.domain import commands as wished
from roadlog.domain.commands import Command
from roadlog.domain.refusals import Malformed, unknown

COMMANDS: dict[str, type[Command]] = {
    "define": wished.DefineProblem,
    "adopt": wished.AdoptInitiative,
    "reframe": wished.ReframeProblem,
    "owner": wished.ChangeOwner,
    "place": wished.PlaceInitiative,
    "depend": wished.AddDependency,
    "depend remove": wished.RemoveDependency,
    "classify": wished.ClassifyPurpose,
    "expect": wished.SetExpectation,
    "target": wished.TargetOutcome,
    "measure": wished.MeasureOutcome,
    "evidence attach": wished.AttachEvidence,
    "criterion set": wished.SetCriterion,
    "criterion retire": wished.RetireCriterion,
    "result": wished.RecordResult,
    "experiment start": wished.StartExperiment,
    "experiment conclude": wished.ConcludeExperiment,
    "advance": wished.AdvanceMilestone,
    "review": wished.ReviewBreakGlass,
    "return": wished.ReturnMilestone,
    "block": wished.BlockWork,
    "unblock": wished.UnblockWork,
    "pause": wished.PauseWork,
    "resume": wished.ResumeWork,
    "stop": wished.StopInitiative,
    "reopen": wished.ReopenInitiative,
    "retire": wished.RetireInitiative,
    "rollout": wished.SetRollout,
    "waive": wished.WaiveRequirement,
    "request": wished.RequestApproval,
    "approve": wished.Approve,
    "reject": wished.Reject,
    "abstain": wished.Abstain,
    "withdraw": wished.WithdrawApproval,
    "condition met": wished.MeetCondition,
    "checkin": wished.ConsultStakeholder,
    "consent": wished.AnswerConsent,
    "risk log": wished.LogRisk,
    "risk assess": wished.AssessRisk,
    "risk mitigate": wished.MitigateRisk,
    "risk accept": wished.AcceptRisk,
    "risk close": wished.CloseRisk,
    "risk reopen": wished.ReopenRisk,
    "fallback define": wished.DefineFallback,
    "fallback test": wished.TestFallback,
    "fallback activate": wished.ActivateFallback,
    "fallback deactivate": wished.DeactivateFallback,
    "notice define": wished.DefineNotice,
    "monitor define": wished.DefineMonitor,
    "edge-case log": wished.LogEdgeCase,
    "edge-case triage": wished.TriageEdgeCase,
    "edge-case review": wished.ReviewEdgeCases,
    "incident open": wished.OpenIncident,
    "incident report": wished.ReportIncident,
    "incident close": wished.CloseIncident,
    "note": wished.AddNote,
    "void": wished.VoidRecord,
}
"""In the order of the story. Who is enrolled, with which keys, under which workflow, and who is erased is
decided by whoever has the store, and not over the web."""

Kind = TypeVar("Kind", bound=msgspec.Struct)
VOTES = frozenset({"approve", "reject", "abstain"})
KEY = "key"
"""Of the values, the one that says on which initiative; left out where it is a new one."""


def carry_out(
    folder: str | os.PathLike[str],
    wish: Wish,
    name: str,
    values: Mapping[str, Any],
    *,
    client: Client = "web",
    lax: bool = False,
) -> Done:
    """Records what somebody wishes by a command's name and its values. Raises RoadlogError.

    values: by field of the command's struct, as JSON has them, with the initiative under `key`
    lax: numbers and truths may be texts, as a form sends them
    """
    command = command_of(name, values, lax=lax)
    with Application.open(folder, client=client) as application:
        return application.execute(wish, command)


def answer(name: str, done: Done) -> dict[str, Any]:
    """The JSON of a write, as the command of that name prints it on the command line."""
    beside = recorded.vote_json(done) if name in VOTES else {}
    warnings = list(recorded.warnings(done))
    return {**recorded.as_json(done), **beside, **({"warnings": warnings} if warnings else {})}


def command_of(name: str, values: Mapping[str, Any], *, lax: bool = False) -> Command:
    """The command that a name and its values mean. Raises Malformed with the field's name, Unknown."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise unknown("command", name, tuple(COMMANDS))
    given = dict(values)
    stream = given.pop(KEY, "")
    if not isinstance(stream, str):
        raise Malformed(rule_of(KEY), f"{KEY} of {name}: expected str.", missing=(KEY,))
    known = fields_of(name)
    for field in given.keys() - known.keys():
        has = f" It takes {', '.join(known)}." if known else " It takes none."
        raise Malformed(rule_of(field), f"{name} takes no value called {field!r}.{has}")
    missing = tuple(field for field, info in known.items() if info.required and field not in given)
    if missing:
        raise Malformed(rule_of(missing[0]), f"{name} needs {', '.join(missing)}.", missing=missing)
    return replace(converted(name, kind, given, lax=lax), stream=stream)


def fields_of(name: str) -> dict[str, FieldInfo]:
    """The values that a command takes, by name. The stream is no value: it is the initiative's key."""
    return {each.name: each for each in fields(COMMANDS[name]) if each.name != "stream"}


def converted(name: str, kind: type[Kind], given: Mapping[str, Any], *, lax: bool = False) -> Kind:
    """What a command's values are, strictly. Raises Malformed with the field's name."""
    try:
        return _in_utc(msgspec.convert(given, kind, strict=not lax))
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`")
        what = f"{said[:1].lower()}{said[1:]}".replace("`", "")
        top = field.partition("[")[0].partition(".")[0]
        raise Malformed(rule_of(top), f"{field} of {name}: {what}.", missing=(top,)) from error


def _in_utc(values: Kind) -> Kind:
    """The same with its times in UTC; one without an offset is refused later by its name."""
    times = {
        field: _utc(field, value)
        for field in values.__struct_fields__
        if isinstance(value := getattr(values, field), datetime) and value.tzinfo is not None
    }
    return replace(values, **times) if times else values


def _utc(name: str, time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise Malformed(
            rule_of(name), f"{name} is {time}, which is no time in UTC.", missing=(name,)
        ) from error


def rule_of(field: str) -> str:
    """Which rule a field's value breaks that cannot be what it should be."""
    return "malformed-" + field.replace("_", "-")
