"""The report's parts on the pack itself: its scope, how to make it again, and what its hashes show."""

import roadlog
from roadlog.domain.moments import rfc3339
from roadlog.domain.wording import quoted
from roadlog.markup import Html, element, together
from roadlog.pack.front import CANNOT_PROVE, period
from roadlog.pack.log import Written
from roadlog.pack.parts import definitions, in_minutes, items, time, whole_hash
from roadlog.pack.told import Told


def command(told: Told) -> str:
    """What makes this pack again."""
    asked = told.scope.asked
    words = ["roadlog evidence-pack", *([quoted(asked.key)] if asked.key else [])]
    for option, at in (("--from", asked.start), ("--to", asked.end)):
        words += [f"{option} {rfc3339(at)}"] if at else []
    return " ".join((*words, "--out DIR"))


def scope_part(told: Told, log: Written, files: dict[str, str]) -> Html:
    """What the pack is of, and the files that it consists of."""
    scope = told.scope
    withheld = log.size - len(scope.records)
    rows = [
        element("tr", element("th", name, scope="row"), element("td", what)) for name, what in files.items()
    ]
    return together(
        definitions(
            (
                ("Roadmap", f"{scope.roadmap.key}, {scope.roadmap.name}"),
                ("Time", period(told)),
                ("Records told of", f"{len(scope.positions):,}, all that the scope has"),
                ("Judged as of", time(rfc3339(scope.moment.as_of))),
                (
                    "Withheld",
                    f"the contents of {withheld:,} records; their headers are here",
                ),
                ("Workflow", f"{scope.workflow.name}, version {scope.workflow.version}"),
                ("Made by", f"roadlog {roadlog.__version__}"),
            )
        ),
        element(
            "p",
            "The same log, up to the same record, gives the same bytes with that version and this command:",
        ),
        element("pre", element("code", command(told))),
        element(
            "table",
            element("caption", "The files of this pack. SHA256SUMS has the digest of each."),
            element(
                "thead", element("tr", element("th", "File", scope="col"), element("th", "What", scope="col"))
            ),
            element("tbody", rows),
        ),
    )


def integrity(told: Told, log: Written) -> Html:
    """How the log is sealed, and what that does not show."""
    made = in_minutes(str(log.checkpoint.made_at))
    return together(
        element(
            "p",
            "Each record has a header of eight lines: its place, its type, when it was recorded, the "
            "SHA-256 of its bytes, and the hash of the record before it in its stream. The header's own hash "
            "is a leaf of one Merkle tree (RFC 9162), whose root stands for every record. headers.txt "
            "has all headers.",
        ),
        definitions(
            (
                ("Log", element("code", log.origin)),
                ("Size", f"{log.size:,} records"),
                ("Root", whole_hash(log.root)),
                ("Last record", time(log.recorded_at)),
                (
                    "Checkpoint",
                    f"checkpoint.note, number {log.checkpoint.number}, made {made}",
                ),
                ("Signed by", element("code", log.signer)),
            )
        ),
        element("h3", "Signed approvals"),
        element("p", _signed(told)),
        element("h3", "Who vouches for it from outside"),
        _vouched(told),
        element("h3", "What this does not show"),
        items(CANNOT_PROVE),
    )


def _signed(told: Told) -> str:
    if not told.signed:
        return "None of the approvals in this pack bears a signature."
    return (
        f"Of the approvals {told.signed:,} bear a signature. In approvals is each text that was signed, with "
        "its signature; verify.py holds them against the records, and against the keys enrolled then."
    )


def _vouched(told: Told) -> Html:
    if not told.anchors:
        return element("p", "Nobody, as far as this pack holds it: it has no anchors.")
    return together(
        element(
            "p",
            "These signed the log as it was. verify.py holds each against the headers, and believes those "
            "whose keys or certificates you give it: --witness, --tsa.",
        ),
        items(f"{each.who}, of {each.size:,} records: {each.name}.note" for each in told.anchors),
    )
