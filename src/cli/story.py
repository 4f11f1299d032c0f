"""Every command, in the order of the story: the one place that says which there are.

To add a command, write a row here and, in the module it names, a `click.Command` called like the command
with `_` for spaces and hyphens (`risk log` is `risk_log`; `return` is `return_`, as Python keeps that
word). Make it with `@writing` (cli/writing.py) or `@reading` (cli/asking.py). Its help is the row's
sentence followed by the docstring of the function; a last paragraph that begins with `roadlog ` is shown as
examples, as it stands. The module is imported only when the command runs, or when its own help is asked
for.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One command: under which heading, its name (noun and verb, or verb), its module, and what it does."""

    heading: str
    name: str
    module: str
    help: str


_HEADINGS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Begin": (
        ("init", "beginning", "Open a roadmap in this folder."),
        ("demo", "demo", "Play a roadmap with a history, to try things on."),
        ("stakeholder add", "people", "Enrol a person, an agent or a system."),
        ("stakeholder grant", "people", "Give a stakeholder a role."),
        ("stakeholder revoke", "people", "Take a role from a stakeholder."),
        ("stakeholder leave", "people", "Record that a stakeholder left."),
        ("stakeholder list", "lists", "Who is on the roadmap, and in which roles."),
        ("key enrol", "keys", "Make a stakeholder's public key known, by which signatures are checked."),
        ("key retire", "keys", "Say that a key signs no more."),
        ("key rotate", "keys", "Change the key that signs the log's checkpoints."),
        ("key list", "keys", "Whose keys may sign approvals, and when."),
        ("token new", "tokens", "Let somebody sign in to the page and ask the API."),
        ("token revoke", "tokens", "End a token."),
        ("token list", "tokens", "Who may sign in to the page or ask the API, and until when."),
        (
            "workflow show",
            "workflows",
            "The workflow in force, or a built-in one: milestones, gates, policy.",
        ),
        ("workflow check", "workflows", "Name every mistake of a workflow file."),
        ("workflow adopt", "workflows", "Put a workflow in force."),
    ),
    "What and why": (
        ("define", "problem", "Put a problem on the roadmap, in words that name no technology."),
        ("adopt", "problem", "Bring work that is already under way onto the roadmap."),
        ("reframe", "problem", "See the problem differently."),
        ("owner", "plan", "Say who answers for an initiative."),
        ("place", "plan", "Place an initiative in the plan: now, next or later."),
        ("depend", "plan", "Say that an initiative depends on another."),
        ("classify", "plan", "Say what the feature is for, whom it affects and how risky that is."),
        ("expect", "outcomes", "Tell everybody how many iterations and what outcome to expect."),
        ("target", "outcomes", "Set an outcome: metric, baseline, target and day."),
        ("measure", "outcomes", "Record a measurement of an outcome's metric in the world."),
    ),
    "Evidence and experiments": (
        ("evidence attach", "evidence", "Attach a file or link, fixed by its SHA-256."),
        ("evidence list", "lists", "The evidence of an initiative."),
        ("criterion set", "criteria", "Set a threshold before its result is known."),
        ("criterion retire", "criteria", "Ask for a criterion no longer."),
        ("result", "criteria", "Record a value for a criterion, or a file of them."),
        ("experiment start", "experiments", "Start an experiment: a hypothesis and its variants."),
        ("experiment conclude", "experiments", "Decide an experiment: ship, iterate or stop."),
    ),
    "Milestones": (
        ("advance", "milestones", "Move forward through the gate."),
        ("review", "milestones", "Review a gate that was passed by break-glass."),
        ("return", "milestones", "Go back, to learn or to rework; it begins the next iteration."),
        ("block", "work", "Say what keeps the work from going on."),
        ("unblock", "work", "What blocked the work is gone."),
        ("pause", "work", "Set the work aside for a while."),
        ("resume", "work", "Go on with work set aside."),
        ("stop", "work", "Stop an initiative; at feasibility that is a good result."),
        ("reopen", "work", "Go on with a stopped initiative where it was."),
        ("retire", "work", "No longer offer the product."),
        ("rollout", "work", "Say how many of the users have the feature, in percent."),
        ("waive", "milestones", "Let one requirement of a gate rest for a while."),
    ),
    "Approvals": (
        ("request", "approvals", "Ask roles to decide on the gate."),
        ("approve", "approvals", "Approve the gate of one or more initiatives."),
        ("reject", "approvals", "Say no, and why."),
        ("abstain", "approvals", "Say that you will not decide."),
        ("withdraw", "approvals", "Take your standing vote back."),
        ("condition met", "approvals", "Say that an approver's condition is met."),
        ("checkin", "approvals", "Say how your role sees it, between gates."),
        ("consent", "approvals", "Say yes or no to a command that needs a second person."),
    ),
    "Risks and safeguards": (
        ("risk catalogue", "catalogues", "Known risks of AI features, to pick from."),
        ("risk log", "risks", "Write down what may go wrong."),
        ("risk assess", "risks", "Score a risk again."),
        ("risk mitigate", "risks", "Say how a risk was treated, and what remains."),
        ("risk accept", "risks", "Accept what remains of a risk for a while."),
        ("risk close", "risks", "Say that a risk is no longer one."),
        ("risk reopen", "risks", "Say that a closed risk is one again."),
        ("risk list", "lists", "The risks of an initiative, or of all."),
        ("fallback define", "safeguards", "Say what the user gets when the AI fails."),
        ("fallback test", "safeguards", "Record that the fallback was tried."),
        ("fallback activate", "safeguards", "Give users the fallback now."),
        ("fallback deactivate", "safeguards", "Give users the feature again."),
        ("notice define", "safeguards", "Word the notice that this is assistance, not gospel."),
        ("monitor define", "safeguards", "Say what is watched in production, where and by whom."),
        ("edge-case log", "edge_cases", "Write down an input that the feature handled badly."),
        ("edge-case import", "edge_cases", "Log every edge case of a CSV file."),
        ("edge-case triage", "edge_cases", "Decide what becomes of an edge case."),
        ("edge-case review", "edge_cases", "Record that somebody looked for edge cases."),
        ("edge-case list", "lists", "The edge cases of an initiative, or of all."),
        ("incident open", "incidents", "Record that something went wrong for users."),
        ("incident report", "incidents", "Record to whom an incident was reported."),
        ("incident close", "incidents", "Say that an incident is over."),
        ("incident list", "lists", "Every incident."),
    ),
    "Notes and corrections": (
        ("note", "corrections", "Write something down."),
        ("undo", "corrections", "Void your own last command."),
        ("void", "corrections", "Void a record that was a mistake."),
    ),
    "Read": (
        ("board", "questions", "Where everything is, by horizon and milestone."),
        ("show", "questions", "One initiative, whole."),
        ("gate", "questions", "What leaving the milestone needs, what is there, and who owes what."),
        ("next", "questions", "What I can do or owe now, oldest first."),
        ("log", "questions", "The trail: who, what, when, why, before and after."),
        ("why", "history", "The records that changed a field, first to last."),
        ("diff", "history", "What differs between two moments."),
        ("replay", "history", "The board as it changed, record by record."),
        ("watch", "history", "Records as they land."),
        ("serve", "page", "The page, for those who would rather look than type."),
        ("digest", "digest", "What somebody owes, and what happened since: for a screen or a mail."),
        ("search", "search", "Find what people wrote: problems, reasons, votes, risks, notes and more."),
        ("metrics", "questions", "How work flows: cycle times, loops, waits, what each iteration brought."),
        ("forecast", "forecast", "How many will have finished by a day, and when, by what history says."),
        ("forecast keep", "forecast", "Record a forecast, to be scored when its day has come."),
        (
            "forecast score",
            "forecast",
            "What the forecasts kept said, what happened, and how often they held.",
        ),
    ),
    "Records": (
        ("verify", "integrity", "Recompute every hash and say whether the log is whole."),
        ("checkpoint", "integrity", "Sign what the log holds now, for somebody to keep outside."),
        ("prove", "integrity", "Prove that a record is in the log, or that the log only grew."),
        ("audit", "audit", "Which controls hold by what the log says, and which records show it."),
        ("erase", "people", "Erase somebody's name and address from the directory."),
        ("anchor", "anchors", "Bring a checkpoint where those who run the store cannot reach."),
        ("witness", "witness", "Cosign the checkpoints of logs that only grow: a server for Compliance."),
        ("evidence-pack", "evidence_pack", "Make a folder that a stranger can check without roadlog."),
        ("import csv", "imports", "Import an event log from a CSV file."),
        ("import jira", "imports", "Import the history of issues from Jira."),
        ("export", "exports", "Write the history for other tools: tables, records, event logs."),
        ("projections status", "integrity", "Where the read models stand against the log."),
        ("projections rebuild", "integrity", "Compute the read models anew from the records."),
        ("projections check", "integrity", "Compute the read models anew and compare."),
        ("catalogue", "event_types", "Every event type with its fields and meaning."),
    ),
}

STORY: tuple[Row, ...] = tuple(
    Row(heading, name, f"roadlog.cli.{module}", help_)
    for heading, rows in _HEADINGS.items()
    for name, module, help_ in rows
)

NOUNS: dict[str, str] = {
    "stakeholder": "Who is on the roadmap, and in which roles.",
    "key": "Public keys of those who sign approvals.",
    "token": "Who may sign in to the page and ask the API.",
    "workflow": "The milestones, gates and policy in force.",
    "evidence": "Files and links, fixed by their SHA-256.",
    "criterion": "Thresholds, set before their results are known.",
    "experiment": "Hypotheses, variants and decisions.",
    "condition": "What approvers still ask for.",
    "risk": "What may go wrong, and the catalogue to pick from.",
    "fallback": "What the user gets when the AI fails.",
    "notice": "The words that tell users this is assistance.",
    "monitor": "What is watched in production.",
    "edge-case": "Inputs that the feature handled badly.",
    "incident": "What went wrong for users.",
    "import": "Bring another tool's history in.",
    "projections": "The read models, which can be rebuilt from the records.",
}


def row(name: str) -> Row | None:
    """The row of a command's full name, None where there is none."""
    return next((each for each in STORY if each.name == name), None)


def names(noun: str = "") -> tuple[str, ...]:
    """What may follow the program's name, or a noun: verbs and nouns in the story's order."""
    prefix = f"{noun} " if noun else ""
    found = (each.name.removeprefix(prefix).split()[0] for each in STORY if each.name.startswith(prefix))
    return tuple(dict.fromkeys(found))
