"""Every writing verb of the story once, in the order in which a roadmap lives, and what each records."""

from __future__ import annotations

import ast
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest

from roadlog import rotation
from roadlog.cli import story
from roadlog.cli.frame import Verb, load
from roadlog.domain.commands import Command
from roadlog.domain.events import CATALOGUE
from tests.cli.line import Line

X = sha256(b"x").hexdigest()
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE"
STEPS: tuple[tuple[str, str, str], ...] = (
    ("paula", "init --key SUP --name Support", "RoadmapOpened StakeholderJoined WorkflowAdopted"),
    ("paula", "stakeholder add dan --role data-science", "StakeholderJoined"),
    ("paula", "stakeholder add erin --role engineering", "StakeholderJoined"),
    (
        "paula",
        "stakeholder add carla --role compliance --name Carla --email c@example.com",
        "StakeholderJoined",
    ),
    ("paula", "stakeholder add otto --role customer-ops", "StakeholderJoined"),
    ("paula", "stakeholder grant dan --role product", "RoleGranted"),
    ("paula", "stakeholder revoke dan --role product", "RoleRevoked"),
    ("paula", "stakeholder add bob --role product --kind agent", "StakeholderJoined"),
    ("paula", "stakeholder leave bob", "StakeholderLeft"),
    ("carla", "key enrol carla carla.pub --until 2999-01-01", "KeyEnrolled"),
    (
        "carla",
        "key retire carla SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM --because stolen",
        "KeyRetired",
    ),
    ("paula", "workflow adopt ours.toml --because stricter", "WorkflowAdopted"),
    (
        "paula",
        "define Load --problem Customers_wait --metric tickets --target -30% --owner paula",
        "ProblemDefined",
    ),
    ("paula", "adopt Onboarding --in training --since 2026-01-01 --owner dan --at now", "InitiativeAdopted"),
    ("paula", "define Onboarding --problem New_users_leave_in_a_week --for SUP-2", "ProblemDefined"),
    ("paula", "reframe SUP-1 --segment EU --because interviews", "ProblemReframed"),
    ("paula", "owner SUP-2 erin", "OwnerChanged"),
    ("paula", "place SUP-1 now --rank 1", "InitiativePlaced"),
    ("paula", "depend SUP-2 --on SUP-1", "DependencyAdded"),
    ("paula", "depend SUP-2 --on SUP-1 --remove", "DependencyRemoved"),
    ("paula", "advance SUP-1", "MilestoneAdvanced"),
    ("paula", "classify SUP-1 --purpose P --affected A --class limited --basis B", "PurposeClassified"),
    ("paula", "expect SUP-1 --iterations 3-5 --outcome 600-700 --told compliance", "ExpectationSet"),
    ("paula", "target SUP-1 tickets --baseline 900 --by 2026-12-31", "OutcomeTargeted"),
    ("paula", "measure SUP-1 tickets 880 --sample 4", "OutcomeMeasured"),
    ("paula", "evidence attach SUP-1 data.csv --kind dataset --title Tickets", "EvidenceAttached"),
    (
        "paula",
        "criterion set SUP-1 F1 --milestone training --metric acc --operator >= --threshold 0.8",
        "CriterionSet",
    ),
    (
        "paula",
        "criterion set SUP-1 F2 --milestone training --metric acc --operator >= --threshold 0.8",
        "CriterionSet",
    ),
    ("paula", "criterion retire SUP-1 F1 --because per_segment", "CriterionRetired"),
    (
        "paula",
        "criterion set SUP-1 F3 --milestone training --metric a --operator > --threshold 1 --segment EU",
        "CriterionSet",
    ),
    ("paula", "result SUP-1 F2 0.9 --sample 50 --low 0.85 --high 0.95 --evidence D1", "ResultRecorded"),
    ("paula", "result SUP-1 --from results.csv", "EvidenceAttached ResultRecorded ResultRecorded"),
    ("paula", "request SUP-1 --role compliance --valid 90", "ApprovalRequested"),
    ("carla", "approve SUP-1 --condition Publish@2027-05-01 --statement Fine", "StakeholderApproved"),
    ("carla", "withdraw SUP-1 --because second_thoughts", "ApprovalWithdrawn"),
    ("carla", "condition met SUP-1 C1", "ConditionMet"),
    ("carla", "reject SUP-1 --because not_yet", "StakeholderRejected"),
    ("carla", "abstain SUP-1", "StakeholderAbstained"),
    ("carla", "approve SUP-1 SUP-2", "StakeholderApproved StakeholderApproved"),
    ("carla", "checkin SUP-1 --role compliance Fine_so_far", "StakeholderConsulted"),
    ("carla", "waive SUP-1 approval:data-science --until 2999-01-01 --because on_leave", "GateWaived"),
    ("paula", "advance SUP-1 --dry-run", "MilestoneAdvanced"),
    ("paula", "advance SUP-1", "MilestoneAdvanced"),
    ("paula", "advance SUP-1 --break-glass --because outage", "MilestoneAdvanced"),
    ("carla", "review SUP-1 LAST --upheld --because outage", "BreakGlassReviewed"),
    (
        "paula",
        "return SUP-1 feasibility --loop learning --learned L --change C --because recall",
        "MilestoneReturned",
    ),
    ("paula", "block SUP-1 --by legal", "WorkBlocked"),
    ("paula", "unblock SUP-1", "WorkUnblocked"),
    ("paula", "pause SUP-1", "WorkPaused"),
    ("paula", "resume SUP-1", "WorkResumed"),
    ("paula", "rollout SUP-1 12.5", "RolloutSet"),
    ("paula", "stop SUP-1 --because enough", "InitiativeStopped"),
    ("paula", "reopen SUP-1 --because again", "InitiativeReopened"),
    (
        "paula",
        "risk log SUP-1 Invents --category hallucination --likelihood 4 --impact 4 --owner dan",
        "RiskLogged",
    ),
    ("paula", "risk log SUP-1 --from output-bias --likelihood 3 --impact 3", "RiskLogged"),
    ("paula", "risk assess SUP-1 R1 --likelihood 4 --impact 3", "RiskAssessed"),
    ("paula", "risk mitigate SUP-1 R1 --treatment Cite --likelihood 2 --impact 3", "RiskMitigated"),
    ("paula", "risk accept SUP-1 R2 --until 2999-01-01 --because pilot", "RiskAccepted"),
    ("paula", "risk close SUP-1 R2 --because gone", "RiskClosed"),
    ("paula", "risk reopen SUP-1 R2 --because back", "RiskReopened"),
    (
        "paula",
        "fallback define SUP-1 Human --kind human-handoff --trigger unsure --owner otto",
        "FallbackDefined",
    ),
    ("paula", "fallback test SUP-1 --passed --evidence D1", "FallbackTested"),
    ("paula", "fallback activate SUP-1 --because outage", "FallbackActivated"),
    ("paula", "fallback deactivate SUP-1", "FallbackDeactivated"),
    ("paula", "notice define SUP-1 May_be_wrong --where footer --locale en", "NoticeDefined"),
    ("paula", "monitor define SUP-1 rewrites --where dashboard --owner dan", "MonitorDefined"),
    ("paula", "edge-case log SUP-1 Catalan --severity 2 --source agents --risk R1", "EdgeCaseLogged"),
    ("paula", "edge-case import SUP-1 cases.csv", "EdgeCaseLogged EdgeCaseLogged"),
    ("paula", "edge-case triage SUP-1 E1 --outcome dataset", "EdgeCaseTriaged"),
    ("paula", "edge-case review SUP-1 --source logs --sample 40 --found 2", "EdgeCasesReviewed"),
    (
        "paula",
        "experiment start SUP-1 X1 --hypothesis H --metric m --variant a --variant b",
        "ExperimentStarted",
    ),
    (
        "paula",
        "experiment conclude SUP-1 X1 --decision iterate --summary S --variant a=1:9 --variant b=2:9:1:3",
        "ExperimentConcluded",
    ),
    (
        "paula",
        "incident open SUP-1 Leak --aware 2026-02-01 --severity 4 --case E1 --because leak",
        "IncidentOpened",
    ),
    ("paula", "incident report SUP-1 I1 --to authority", "IncidentReported"),
    ("paula", "incident close SUP-1 I1 --because fixed", "IncidentClosed"),
    ("paula", "note SUP-1 hello", "NoteAdded"),
    ("paula", "undo", "RecordVoided"),
    ("paula", "note SUP-1 wrong", "NoteAdded"),
    ("carla", "void LAST --because wrong_initiative", "ConsentRequested"),
    ("dan", "consent LAST", "ConsentGiven RecordVoided"),
    ("paula", "note SUP-1 right", "NoteAdded"),
    ("carla", "void LAST --because in_doubt", "ConsentRequested"),
    ("dan", "consent LAST --refuse --because it_stays", "ConsentRefused"),
    ("carla", "erase carla --basis Article_17", "ConsentRequested"),
    ("dan", "consent LAST", "ConsentGiven PersonalDataErased"),
    ("paula", "key rotate --because server_stolen", "LogKeyChanged"),
    ("paula", "advance SUP-2 --break-glass --because live_already", "MilestoneAdvanced"),
    ("paula", "advance SUP-2 --break-glass --because live_already", "MilestoneAdvanced"),
    ("paula", "advance SUP-2 --break-glass --because live_already", "MilestoneAdvanced"),
    ("paula", "retire SUP-2 --because replaced", "InitiativeRetired"),
    *(
        step
        for number in range(3, 13)
        for step in (
            ("paula", "adopt Done --in experimentation --since 2026-01-01", "InitiativeAdopted"),
            ("paula", f"advance SUP-{number} --break-glass --because live_already", "MilestoneAdvanced"),
        )
    ),
    ("paula", "adopt Young --in experimentation --since 2026-02-01", "InitiativeAdopted"),
    ("paula", "forecast keep SUP-13", "ForecastKept"),
)


def test_every_verb_records_its_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = Line(tmp_path / ".roadlog")
    ours = line("workflow", "show", "ai-product", "--toml").replace(
        "max_backdate_days = 7", "max_backdate_days = 9"
    )
    Path("ours.toml").write_text(ours.replace("version = 1", "version = 2"), encoding="utf-8")
    Path("carla.pub").write_text(f"{PUBLIC} carla@example.com\n", encoding="utf-8")
    Path("data.csv").write_text("question,answer\n", encoding="utf-8")
    Path("results.csv").write_text("Criterion,Value,Sample\nF2,0.91,50\n\nF3,2,\n", encoding="utf-8")
    Path("cases.csv").write_text('description,severity\n"odd, very",2\nother,5\n', encoding="utf-8")
    last = "0"
    for by, words, types in STEPS:
        answer = line.json(*(word.replace("_", " ").replace("LAST", last) for word in words.split()), by=by)
        assert " ".join(each["type"] for each in answer["records"]) == types, words
        last = str(answer["records"][-1]["position"])


def test_every_writing_verb_has_its_step() -> None:
    lines = [words for _, words, _ in STEPS]
    for row in story.STORY:
        if row.module.split(".")[-1] in WRITING:
            command = load(row)
            assert isinstance(command, Verb)
            if any(each.name == "command_id" for each in command.params):
                assert any(words.startswith(row.name) for words in lines), row.name


def test_every_event_type_is_recorded_by_some_verb() -> None:
    recorded = {name for _, _, types in STEPS for name in types.split()}
    assert recorded == set(CATALOGUE)


def test_every_command_can_be_typed() -> None:
    typed = {
        each.id
        for path in (*Path(story.__file__).parent.glob("*.py"), Path(rotation.__file__))
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Name)
    }
    assert {kind.__name__ for kind in get_args(Command)} <= typed


WRITING = {
    "beginning",
    "people",
    "keys",
    "workflows",
    "problem",
    "plan",
    "outcomes",
    "forecast",
    "evidence",
    "criteria",
    "experiments",
    "milestones",
    "work",
    "approvals",
    "risks",
    "safeguards",
    "edge_cases",
    "incidents",
    "corrections",
}


@pytest.mark.parametrize(
    "row", [each for each in story.STORY if each.module.split(".")[-1] in WRITING], ids=lambda row: row.name
)
def test_the_help_of_a_command_says_what_it_does_and_shows_an_example(row: story.Row, tmp_path: Path) -> None:
    said = Line(tmp_path)(*row.name.split(), "--help")
    assert said.startswith(f"Usage: roadlog {row.name} ")
    assert row.help in " ".join(said.split())
    assert f"For example:\n  roadlog {row.name}" in said
