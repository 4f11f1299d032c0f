"""Every question that the API answers, once: its address, what it may be given, and what answers it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from roadlog.domain.limits import LARGEST_COUNT, LARGEST_SEED
from roadlog.web.api import answers, shapes
from roadlog.web.api.answers import PAGE, Given
from roadlog.web.api.parameters import (
    ANY_MOMENT,
    AT_MOMENT,
    DAY,
    POSITION,
    TEXT,
    TEXTS,
    TIME,
    TRUTH,
    ZONE,
    Parameter,
    number,
)


class Question(NamedTuple):
    """One question.

    path: behind /api/v1, as Starlette and OpenAPI write it; what stands in braces is one of `parameters`
    at_moment: whether it can be asked about any moment
    lines: whether its answer is JSON lines, one an entry, of which more may follow
    tagged: whether its answer has a version that is told as its entity tag
    slow: whether it can take seconds
    """

    path: str
    says: str
    answer: Callable[[Given], Any]
    shape: shapes.Schema
    parameters: tuple[Parameter, ...] = ()
    at_moment: bool = True
    lines: bool = False
    tagged: bool = False
    slow: bool = False

    @property
    def known(self) -> tuple[Parameter, ...]:
        """All that its address may hold."""
        return (*self.parameters, *AT_MOMENT) if self.at_moment else self.parameters

    def is_in_path(self, parameter: Parameter) -> bool:
        return f"{{{parameter.name}}}" in self.path


KEY = Parameter("key", TEXT, "An initiative's key, such as SUP-1.", required=True)
OF_ONE = Parameter("key", TEXT, "Only of this initiative.")
FOR = Parameter("for", TEXT, "Of which stakeholder; of whoever the token is of, unless given.")
FROM = Parameter("from", TIME, "What happened or finished then or later.")
TO = Parameter("to", TIME, "What happened or finished before then.")
DAYS_IN = Parameter("zone", ZONE, "The zone in which days are counted; the server's, unless given.")
COUNT = Parameter("count", number(1, PAGE), f"At most so many entries; {PAGE:,}, unless given.")
AT = Parameter("position", number(1), "A record's position.", required=True)
TRAIL = (
    Parameter("type", TEXT, "Only events of this type."),
    Parameter("actor", TEXT, "Only what this stakeholder did."),
    Parameter("since", TIME, "Only what happened then or later."),
    Parameter("after", POSITION, "Only what was recorded after this position."),
    Parameter("last", number(1, PAGE), "Only the last so many."),
    COUNT,
)
MORE = "Where more follow, the header Link says where."

QUESTIONS = (
    Question(
        "/board",
        "Where everything is, by horizon and milestone.",
        answers.board,
        shapes.BOARD,
    ),
    Question(
        "/initiatives", "The board's rows: each initiative.", answers.initiatives, shapes.array(shapes.ROW)
    ),
    Question(
        "/initiatives/{key}",
        "One initiative, whole. The header ETag holds its version.",
        answers.show,
        shapes.SHOW,
        (KEY,),
        tagged=True,
    ),
    Question(
        "/initiatives/{key}/gate",
        "What leaving the milestone needs, what is there, and who owes what.",
        answers.gate,
        shapes.GATE,
        (KEY,),
    ),
    Question(
        "/initiatives/{key}/log",
        f"The trail of one initiative, or of the roadmap by its key. {MORE}",
        answers.log,
        shapes.array(shapes.ENTRY),
        (KEY, *TRAIL),
    ),
    Question(
        "/initiatives/{key}/why/{field}",
        "The records that changed a field, first to last.",
        answers.why,
        shapes.array(shapes.ENTRY),
        (KEY, Parameter("field", TEXT, "A key of the initiative's answer.", required=True)),
    ),
    Question(
        "/log",
        f"The trail: who, what, when, why, before and after. {MORE}",
        answers.log,
        shapes.array(shapes.ENTRY),
        (OF_ONE, *TRAIL),
    ),
    Question(
        "/diff",
        "What differs between two moments: each a time, a position or now.",
        answers.diff,
        shapes.DIFF,
        (
            Parameter("from", ANY_MOMENT, "The first moment.", required=True),
            Parameter("to", ANY_MOMENT, "The second; now, unless given."),
            OF_ONE,
        ),
        at_moment=False,
        slow=True,
    ),
    Question(
        "/replay",
        f"What happened between two moments, step by step. {MORE}",
        answers.replay,
        shapes.STEP,
        (
            Parameter("from", ANY_MOMENT, "Begin after this moment; with the first record, unless given."),
            Parameter("to", ANY_MOMENT, "End with this moment; now, unless given."),
            OF_ONE,
            COUNT,
        ),
        at_moment=False,
        lines=True,
        slow=True,
    ),
    Question("/next", "What somebody can do or owes now, oldest first.", answers.next_, shapes.OWED, (FOR,)),
    Question(
        "/digest",
        "What somebody owes, and what happened since.",
        answers.digest,
        shapes.DIGEST,
        (
            FOR,
            Parameter("since", TIME, "Records that were recorded after then; a week before, unless given."),
            Parameter("after", POSITION, "Records after this position, in place of since."),
        ),
        slow=True,
    ),
    Question(
        "/search",
        "The texts in which every word occurs, best first.",
        answers.search,
        shapes.FOUND,
        (
            Parameter("q", TEXT, "The words.", required=True),
            Parameter("best", number(1, PAGE), "Only the best so many."),
        ),
    ),
    Question(
        "/metrics",
        "How work flows: cycle times, loops, waits, what each iteration brought.",
        answers.metrics,
        shapes.METRICS,
        (
            OF_ONE,
            FROM,
            TO,
            Parameter("milestone", TEXT, "Only initiatives that stood there."),
            Parameter("role", TEXT, "Only initiatives on which this role voted or was heard."),
            Parameter("segment", TEXT, "Only initiatives whose problem names this segment."),
            DAYS_IN,
        ),
    ),
    Question(
        "/forecast",
        "How many will have finished by a day, and when, by what history says. One of key, count and by.",
        answers.forecast,
        shapes.FORECAST,
        (
            OF_ONE,
            Parameter("count", number(1, LARGEST_COUNT), "When so many more have finished."),
            Parameter("by", DAY, "How many more finish until that day is over."),
            Parameter("seed", number(0, LARGEST_SEED), "Which random draws."),
            FROM,
            TO,
            DAYS_IN,
        ),
    ),
    Question("/risks", "The risks of an initiative, or of all.", answers.risks, shapes.PART, (OF_ONE,)),
    Question(
        "/edge-cases",
        "The edge cases of an initiative, or of all.",
        answers.edge_cases,
        shapes.PART,
        (OF_ONE,),
    ),
    Question(
        "/evidence", "The evidence of an initiative, or of all.", answers.evidence, shapes.PART, (OF_ONE,)
    ),
    Question("/incidents", "Every incident.", answers.incidents, shapes.PART),
    Question(
        "/stakeholders", "Who is on the roadmap, and in which roles.", answers.stakeholders, shapes.PEOPLE
    ),
    Question(
        "/workflow", "The workflow in force: milestones, gates, policy.", answers.workflow, shapes.WORKFLOW
    ),
    Question(
        "/catalogue",
        "Every event type with its fields and meaning.",
        answers.catalogue,
        shapes.TYPES,
        (Parameter("schema", TRUTH, "The stored bytes as JSON Schema instead."),),
        at_moment=False,
    ),
    Question(
        "/audit",
        "Which controls hold by what the log says, and which records show it.",
        answers.audit,
        shapes.AUDIT,
        (
            OF_ONE,
            Parameter("control", TEXTS, "Only this control, or those of this framework; may be repeated."),
            Parameter("from", TIME, "What held or happened then or later."),
            Parameter("to", TIME, "What held or happened before then."),
        ),
        slow=True,
    ),
    Question(
        "/verify",
        "Recomputes every hash and every rule, and says whether the log is whole. It takes about ten seconds "
        "for 100,000 records.",
        answers.verify,
        shapes.VERDICT,
        at_moment=False,
        slow=True,
    ),
    Question(
        "/records",
        "Records as they landed, for whoever follows the log. The header Link says where to ask next: each "
        "record comes once.",
        answers.records,
        shapes.RECORD,
        (Parameter("after", POSITION, "The last position that was seen."), COUNT),
        at_moment=False,
        lines=True,
    ),
    Question("/records/{position}", "One record.", answers.record, shapes.RECORD, (AT,), at_moment=False),
    Question(
        "/prove/{position}",
        "The proof that a record is in the log, as RFC 9162 has it.",
        answers.prove,
        shapes.PROOF,
        (AT,),
        at_moment=False,
    ),
    Question(
        "/prove",
        "The proof that the log only grew from one size to another.",
        answers.prove_growth,
        shapes.GROWTH,
        (
            Parameter("from", number(1), "The smaller size.", required=True),
            Parameter("to", number(1), "The larger size.", required=True),
        ),
        at_moment=False,
    ),
)
