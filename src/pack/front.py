"""The report's first page: what a reviewer holds, how to check it, and what it cannot prove."""

from typing import Any

from roadlog.domain.moments import rfc3339
from roadlog.pack.changes import exceptions as exceptions_of
from roadlog.pack.log import Written
from roadlog.pack.markup import Html, element
from roadlog.pack.parts import definitions, items, time, whole_hash
from roadlog.pack.told import Told

CANNOT_PROVE = (
    "That what people wrote is true, or that they recorded everything.",
    "Who sat at the keyboard. Handles are as people said them, except where a vote is signed.",
    (
        "That the whole log was not made anew: whoever holds its key can. Only a key, checkpoint or witness "
        "that you know from elsewhere shows that, so none of those to trust is in this pack."
    ),
    "That rules were kept. Each gate is shown as roadlog judged it when it was passed.",
    "That files named as evidence are what they were. They are not here; their SHA-256 are.",
    "That this report says what the records say. Their bytes count: roadlog can make it again.",
    "What the running system did. This is evidence of a process, no log of operation.",
)
"""The limits, as short as they can be said."""
CHECK = "python3 -I -S verify.py --key log.pub"


def front(told: Told, log: Written, contents: dict[str, str]) -> Html:
    """The first page; `contents` are the sections that follow, by the name that links to them."""
    scope = told.scope
    title = told.states[scope.asked.key].title if scope.asked.key else scope.roadmap.name
    lead = (
        f"How {scope.name} was decided: who said what, when and why, from a log that shows each change to "
        f"it. Everything is told as it stood on {time(rfc3339(scope.moment.as_of))}. All times are UTC."
    )
    links = [element("li", element("a", each, href=f"#{name}")) for name, each in contents.items()]
    return element(
        "header",
        element("p", "Evidence pack, made by roadlog", class_="kicker"),
        element("h1", f"{scope.name}: {title}"),
        element("p", lead, class_="lead"),
        element("div", _held(told, log), _limits(), class_="two"),
        _check(),
        element("section", element("h2", "In short", id="short"), _short(told), aria_labelledby="short"),
        element(
            "nav", element("h2", "Contents", id="contents"), element("ol", links), aria_labelledby="contents"
        ),
        class_="front",
    )


def _held(told: Told, log: Written) -> Html:
    scope = told.scope
    shown, withheld = len(scope.records), log.size - len(scope.records)
    return element(
        "section",
        element("h2", "What you hold", id="held"),
        definitions(
            (
                (
                    "About",
                    f"initiative {scope.name}" if scope.asked.key else f"the whole roadmap {scope.name}",
                ),
                ("Time", period(told)),
                ("Log", element("code", log.origin)),
                (
                    "Records",
                    f"{log.size:,} in the log: {shown:,} with content, {withheld:,} as SHA-256 of it alone",
                ),
                ("Last record", time(log.recorded_at)),
                ("Root", whole_hash(log.root)),
            )
        ),
        element(
            "p",
            "The root stands for all records, withheld ones too. Change one byte of one of them, and "
            "it is another root.",
        ),
        aria_labelledby="held",
    )


def _short(told: Told) -> Html:
    """The figures that a reviewer asks for first; each part says more."""
    votes = [each for page in told.pages.values() for each in page["approvals"]]
    votes = [each for each in votes if told.scope.holds(each["position"])]
    signed = sum(each["signature"] is not None for each in votes)
    moves = [each for each in told.entries if each["gate"]]
    unmet = sum(not line["met"] for each in moves for line in each["gate"])
    waived = sum(line["waiver"] is not None for each in moves for line in each["gate"])
    open_risks = [each for page in told.pages.values() for each in page["risks"] if each["open"]]
    late = [each for page in told.pages.values() for each in page["incidents"] if each["open"]]
    people = {each["actor"] for each in told.entries}
    return definitions(
        (
            ("Changes", f"{len(told.entries):,}, by {len(people):,} people, agents and systems"),
            ("Gates passed", f"{len(moves):,}; requirements waived: {waived:,}, not met: {unmet:,}"),
            ("Votes", f"{len(votes):,}, of which {signed:,} are signed"),
            (
                "Risks open",
                _risks(open_risks, told),
            ),
            ("Incidents open", f"{len(late):,}"),
            ("Exceptions", f"{exceptions:,}" if (exceptions := len(exceptions_of(told).rows)) else "none"),
        )
    )


def _risks(found: list[dict[str, Any]], told: Told) -> str:
    worst = max((each["residual"] for each in found), default=0)
    wanted = f"the policy wants {told.risk_threshold} or more treated or accepted"
    return f"{len(found):,}; the highest residual score is {worst}, and {wanted}" if found else "none"


def period(told: Told) -> str:
    """The time that the report tells of, in words."""
    asked = told.scope.asked
    start = f"from {time(rfc3339(asked.start))}" if asked.start else "from the first record"
    end = f"to before {time(rfc3339(asked.end))}" if asked.end else "to the last"
    return f"{start} {end}, by when it was recorded"


def _limits() -> Html:
    return element(
        "section",
        element("h2", "What it cannot prove", id="limits"),
        items(CANNOT_PROVE),
        class_="limits",
        aria_labelledby="limits",
    )


def _check() -> Html:
    return element(
        "section",
        element("h2", "How to check it", id="check"),
        element(
            "p",
            "On any machine with Python 3.9 or later, in this folder. log.pub is a file with the log's "
            "public key: ask for it somebody who did not give you this pack.",
        ),
        element("pre", element("code", CHECK)),
        aria_labelledby="check",
    )
