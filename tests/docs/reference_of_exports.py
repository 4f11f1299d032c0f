"""The generated page of what exports hold: tables, attributes, objects, with the meaning of each."""

from collections.abc import Iterable, Iterator

from roadlog.interop import cloud_events, ocel, ocel_objects, xes
from roadlog.interop.tables import TABLES
from tests.docs.played import ROOT

EXPORTS = ROOT / "docs" / "reference" / "exports.md"
WRITTEN_BY = "<!-- Written by `make docs`. Change what src/interop says, and run it. -->"
ABOUT = """\
What stands in an export of each format. How to make one, and what to do with it: [export the
history](../how-to/export.md).

Times are RFC 3339, in UTC, to the microsecond. Durations are elapsed seconds, nights and weekends included,
as `metrics/1` defines them; what goes on is measured up to the moment of the export. What is empty or absent
is not known, or does not apply. People are named by their handles. CSV parts the texts of a `list` by
semicolons, and has a `yes` as `yes` or `no`."""
ABOUT_RECORDS = """\
`jsonl` has a record a line, as `roadlog watch --json` prints it; its `data` is described under [event
types](events.md). `cloudevents` has the same records as CloudEvents 1.0: `source` is the log, `id` the
position, `type` the event's type behind `roadlog.`, `subject` the key of the initiative or of the roadmap,
`time` when it happened. `data` are the event's own fields; `dataschema` names their type and schema number,
as `roadlog catalogue --schema` defines them. Beyond these:"""
ABOUT_OCEL = """\
Every record is an event of its type; its time is when it happened. An adoption has the time since when the
work was under way, where its cycle starts, and `adopted_at` for when it was taken over. A value is a text,
as the standard's schema wants it, of the type that is declared. An attribute of an object has the time since
when it is so: 1970 where it never was anything else."""
ABOUT_XES = """\
A trace is a cycle, an event the entry into a milestone; the last event of a finished cycle is the entry into
its finish, so that the trace is as long as the cycle. The last event of any other is the entry into the
milestone where it stands, or where it ended: its trace is shorter than the cycle by the `seconds` of that
last stay. The log's own attributes say which log it is, and of what moment."""
RELATIONS = {
    "of": "its roadmap or its initiative",
    "actor": "who acted",
    "at": "the stay in a milestone in which it happened; of a move, those that end and begin with it",
    "in": "the cycle, of moves and of stays before the finish",
    "about": "the approval or the risk",
    "by": "of an approval, who voted",
    "stakeholder`, `owner": "whom the event names as that",
}


def exports() -> str:
    """Every table, attribute and object of what is exported."""
    said = ["# Exports", WRITTEN_BY, ABOUT, *_tables(), "## Records (jsonl, cloudevents)", ABOUT_RECORDS]
    said.append(_listed(cloud_events.EXTENSIONS.items()))
    said += ["## Process mining with objects (ocel)", ABOUT_OCEL, "### Objects"]
    said.append(_listed((name, _attributes(kinds)) for name, kinds in ocel_objects.TYPES.items()))
    said += ["### Events", f"Of every type: {_attributes(ocel.EVENT)}.", "### Relations"]
    said.append(_listed(RELATIONS.items()))
    said += ["## Process mining with traces (xes)", ABOUT_XES]
    said += ["### Traces", _listed(xes.TRACE.items()), "### Events of a trace", _listed(xes.EVENT.items())]
    return "\n\n".join(said) + "\n"


def _tables() -> Iterator[str]:
    yield "## Tables (csv, parquet)"
    for table in TABLES.values():
        yield f"### {table.name}"
        yield f"{table.title}."
        yield "\n".join(f"- `{each.name}` ({each.kind}): {each.meaning}" for each in table.columns)


def _listed(meanings: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- `{name}`: {meaning}" for name, meaning in meanings)


def _attributes(kinds: dict[str, str]) -> str:
    return ", ".join(f"`{name}` ({kind})" for name, kind in kinds.items())
