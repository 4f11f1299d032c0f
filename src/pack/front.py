"""The report's first page: what a reviewer holds, how to check it, and what it cannot prove."""

from typing import Any

from roadlog.domain.moments import rfc3339
from roadlog.markup import Html, element
from roadlog.pack.changes import exceptions as exceptions_of
from roadlog.pack.log import Written
from roadlog.pack.parts import definitions, items, time, whole_hash
from roadlog.pack.told import Told

CANNOT_PROVE = (
    "That what people wrote is true, or that they recorded everything.",
    "Who sat at the keyboard. Handles are as people said them, except where a vote is signed.",
    (
        "That the whole log was not made anew: whoever holds its key can. A witness, or a checkpoint that "
        "you kept from before, shows that it was not; the key does not."
    ),
    "That rules were kept. Each gate is shown as roadlog judged it when it was passed.",
    "That files named as evidence are what they were. They are not here; their SHA-256 are.",
    "That this report says what the records say. Their bytes count: roadlog can make it again.",
    "What the running system did. This is evidence of a process, no log of operation.",
)
"""The limits, as short as they can be said."""
CHECK = "python3 -I -S verify.py --key log.pub --witness witness.pub --against kept.txt"
GIVEN = (
    "log.pub is the log's public key, witness.pub that of a witness, and kept.txt a checkpoint that was kept "
    "from before the pack was made. Leave out what you do not have. Get them from somebody else than whoever "
    "gave you the pack, who could have made all three. The key shows who signed the log; the others show "
    "that it was not made anew."
)
"""What the command takes, and where that comes from."""


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
                    f"{log.size:,} in the log: {shown:,} with content, {withheld:,} with its SHA-256 alone",
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
    found = told.audit["summary"]
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
            (
                "Controls",
                f"{found.get('finding', 0):,} with findings; {found.get('absent', 0):,} without a record",
            ),
        )
    )


def _risks(found: list[dict[str, Any]], told: Told) -> str:
    worst = max((each["residual"] for each in found), default=0)
    wanted = f"the policy wants {told.risk_threshold} or more treated or accepted"
    return f"{len(found):,}; the highest residual score is {worst}, and {wanted}" if found else "none"


def period(told: Told) -> str:
    """The time that the report tells of, in words: by when things were recorded."""
    asked, recorded = told.scope.asked, sorted(told.recorded.values())
    start = f"from {time(rfc3339(asked.start))}" if asked.start else f"recorded from {time(recorded[0])}"
    end = f"to before {time(rfc3339(asked.end))}" if asked.end else f"to {time(recorded[-1])}"
    return f"{start} {end}" if asked.start is None else f"recorded {start} {end}"


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
            "In this folder, with Python 3.9 or later, openssl and, where approvals are signed, ssh-keygen:",
        ),
        element("pre", element("code", CHECK)),
        element("p", GIVEN),
        aria_labelledby="check",
    )
