"""The forms by which somebody records from the page, each once: its command, its fields, what it says."""

from typing import Literal, NamedTuple

from roadlog.web import choices
from roadlog.web.choices import Choices

Kind = Literal[
    "line", "text", "whole", "number", "choice", "options", "several", "conditions", "file", "time"
]
"""How a field is filled in. whole: a whole number; choice: one of a list; options: one that stands open;
several: any of them.
"""
REASON = "because"
"""The field that is no value of the command: why."""
AT = "at"
"""The field that is none either: when it happened."""
FILE = "file"
"""The field that is a file, of which the command gets name, size, type and SHA-256."""


class Field(NamedTuple):
    """One field, named as in the command's struct."""

    name: str
    label: str
    kind: Kind = "line"
    required: bool = False
    help: str = ""
    choices: Choices | None = None
    none: str = ""
    """What choosing nothing means; of a field that is required, what there being nothing to choose means."""


class Form(NamedTuple):
    """One form.

    command: its name on the command line; button: what pressing it does
    compares: whether it is recorded only where nobody recorded since it was shown
    """

    command: str
    title: str
    button: str
    says: str
    fields: tuple[Field, ...]
    compares: bool = False

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.command.replace(" ", "-")

    @property
    def takes_file(self) -> bool:
        return any(each.kind == "file" for each in self.fields)


WHY = Field(REASON, "Why", "text", required=True, help="A reason is mandatory.")
WHY_NOT = Field(REASON, "Why", "text", help="If there is something to say.")
WHEN = Field(AT, "When it happened", "time", help="Now, unless given.")
VOTING_ROLE = Field("role", "As", "choice", choices=choices.my_roles, none="The only role owed that you hold")
VALID = Field("valid_days", "Holds for days", "whole", help="As long as the workflow says, unless given.")
SAMPLE = Field("sample", "Sample", "whole", help="How many observations.")
SHOWN_BY = Field("evidence", "Shown by", "choice", choices=choices.evidence, none="No evidence")

FORMS = (
    Form(
        "approve",
        "Approve",
        "Approve",
        "You approve exactly what is shown of the initiative now. When it changes, your approval is stale.",
        (
            VOTING_ROLE,
            Field("conditions", "Conditions", "conditions", help="What you still ask for, due on that day."),
            Field("statement", "Statement", "text", help="In your own words."),
            VALID,
            WHY_NOT,
        ),
        compares=True,
    ),
    Form(
        "reject",
        "Reject",
        "Reject",
        "A gate that asks your role stays closed until you vote again or withdraw it.",
        (VOTING_ROLE, WHY),
        compares=True,
    ),
    Form(
        "abstain",
        "Abstain",
        "Abstain",
        "Somebody else of the same role has to decide.",
        (VOTING_ROLE, WHY_NOT),
        compares=True,
    ),
    Form(
        "withdraw",
        "Withdraw a vote",
        "Withdraw it",
        "The vote stays in the trail, and counts no more.",
        (
            Field(
                "role",
                "As",
                "choice",
                required=True,
                choices=choices.my_votes,
                none="No vote of yours stands at this gate: there is nothing to withdraw.",
            ),
            WHY,
        ),
    ),
    Form(
        "condition met",
        "Meet a condition",
        "It is met",
        "Say that what an approver asked for is done.",
        (
            Field(
                "condition",
                "Condition",
                "choice",
                required=True,
                choices=choices.conditions,
                none="No approver asks for anything that is not met: there is no condition to meet.",
            ),
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "checkin",
        "Check in",
        "Record it",
        "What a role says between gates. Roles not heard from for long count as quiet.",
        (
            Field("role", "As", "choice", required=True, choices=choices.my_roles, none="You hold no role."),
            Field("said", "What it says", "text", required=True),
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "consent",
        "Consent",
        "Answer",
        "A command that takes a second person takes effect with your yes, as its author's.",
        (
            Field(
                "request",
                "Request",
                "options",
                required=True,
                choices=choices.consents,
                none="Nothing waits for a consent here.",
            ),
            Field("give", "Answer", "options", required=True, choices=choices.yes_or_no),
            WHY_NOT,
        ),
    ),
    Form(
        "request",
        "Request approval",
        "Request it",
        "What is shown to them is fixed: when it changes, their approval is stale.",
        (
            Field(
                "roles",
                "Of",
                "several",
                choices=choices.roles,
                help="Of those the gate is owed, unless given.",
            ),
            VALID,
            WHY_NOT,
        ),
    ),
    Form(
        "evidence attach",
        "Attach evidence",
        "Attach it",
        "The file is not kept: its name, size, type and SHA-256 are, so that it can be told from any other.",
        (
            Field("kind", "Kind", "choice", required=True, choices=choices.kinds_of_evidence),
            Field(FILE, "File", "file"),
            Field("uri", "Or a link", help="A link can change: it needs the SHA-256 of what stands there."),
            Field("sha256", "SHA-256", help="Needed for a link, checked for a file."),
            Field("title", "Title", help="What people call it; its file name, unless given."),
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "result",
        "Record a result",
        "Record it",
        "A value of a criterion, in the lab. Where the interval holds the threshold, it is inconclusive.",
        (
            Field(
                "criterion",
                "Criterion",
                "choice",
                required=True,
                choices=choices.criteria,
                none="No criterion is asked for: there is nothing to give a result of.",
            ),
            Field("value", "Value", "number", required=True),
            SAMPLE,
            Field("low", "Lower end of the interval", "number"),
            Field("high", "Upper end of the interval", "number"),
            SHOWN_BY,
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "measure",
        "Measure an outcome",
        "Record it",
        "A value of an outcome's metric, in the world.",
        (
            Field(
                "metric",
                "Metric",
                "choice",
                required=True,
                choices=choices.metrics,
                none="No outcome is defined: there is nothing to measure.",
            ),
            Field("value", "Value", "number", required=True),
            SAMPLE,
            SHOWN_BY,
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "note",
        "Write a note",
        "Write it down",
        "Free text stays in the log, and can be voided but not erased: name no private persons in it.",
        (Field("text", "Note", "text", required=True), WHEN, WHY_NOT),
    ),
    Form(
        "risk log",
        "Log a risk",
        "Log it",
        "The score is likelihood times impact.",
        (
            Field("description", "What may go wrong", "text", required=True),
            Field("category", "Category", "choice", required=True, choices=choices.risk_categories),
            Field(
                "likelihood",
                "Likelihood",
                "options",
                True,
                "From 1, rare, to 5, almost certain.",
                choices.scores,
            ),
            Field("impact", "Impact", "options", True, "From 1, slight, to 5, severe.", choices.scores),
            Field("owner", "Looked after by", "choice", choices=choices.handles, none="Nobody yet"),
            WHEN,
            WHY_NOT,
        ),
    ),
    Form(
        "edge-case log",
        "Log an edge case",
        "Log it",
        "An input that the feature handled badly, without anybody's personal data.",
        (
            Field("description", "What was asked, and what came back", "text", required=True),
            Field("severity", "Severity", "options", True, "From 1, slight, to 5, severe.", choices.scores),
            Field("source", "Where it was seen"),
            Field("risk", "Shows the risk", "choice", choices=choices.risks, none="None of those known"),
            WHEN,
            WHY_NOT,
        ),
    ),
)
BY_SLUG = {each.slug: each for each in FORMS}
