"""The audit: how each control stands, the records that show it, and what was found against it."""

from typing import Any, NamedTuple

from roadlog import words
from roadlog.audit import audit as audited
from roadlog.controls.mapping import FILES, OWN
from roadlog.domain.refusals import Malformed, unknown
from roadlog.told import audit as telling
from roadlog.told.facts import Tone
from roadlog.web.asked import MOMENT, Asked, time_in
from roadlog.web.guard import WAIT

AT_ONCE = 5_000
"""Records of a log that is audited before its page is answered; a longer one takes seconds."""
LASTS = (60, 600)
"""Seconds for which an audit about now is shown, of a log that is audited at once and of a longer one."""
RUNS, FINDINGS = 8, 20
"""Runs of positions of a control or a finding, and findings of a control, that a page tells."""
Run = tuple[int, int]


class Records(NamedTuple):
    """How many records there are, the first runs of their positions, and how many are in further ones."""

    total: int
    runs: list[Run]
    left: int


class Finding(NamedTuple):
    """What was found, on which initiative, in which records."""

    key: str | None
    text: str
    records: Records


class Control(NamedTuple):
    """A control as the page tells it.

    findings: by the ids of roadlog's own controls that tell them too, "" for those that none tells; each with
        how many more there are
    """

    id: str
    framework: str
    title: str
    refs: list[str]
    status: str
    sign: str
    tone: Tone
    records: Records
    why: list[str]
    findings: dict[str, tuple[list[Finding], int]]


def audit(asked: Asked) -> dict[str, Any]:
    """Of the roadmap or one initiative, over the period that the address gives; long logs where it waits.

    Raises Unknown for a key or a framework that is not there, Malformed for a time or a status that is none.
    """
    chosen = _chosen(asked)
    found = asked.long.get(_name(asked, chosen))
    takes_seconds = asked.moment.position > AT_ONCE
    if found is None and (not takes_seconds or WAIT in asked.query):
        found = asked.long.made(_name(asked, chosen), asked.now, lambda: _audited(asked, chosen))
    shared = {
        "roadmap": asked.roadmap,
        "chosen": chosen,
        "statuses": telling.SIGNS,
        "meanings": telling.MEANINGS,
        "frameworks": FILES,
        "waiting": asked.same(**{WAIT: 1}),
        "takes_seconds": takes_seconds,
        "records": asked.moment.position,
    }
    if found is None:
        return {**shared, "answer": None}
    answer = found.answer
    controls = [each for each in answer["controls"] if _is_chosen(each, chosen)]
    controls.sort(
        key=lambda each: list(telling.SIGNS).index(each.status)
    )  # what a reviewer should look at first
    groups = [
        (each, [one for one in controls if one.framework == each["id"]]) for each in answer["frameworks"]
    ]
    named = chosen["framework"] in ("", OWN)
    return {**shared, "answer": answer, "groups": [each for each in groups if each[1]], "own_is_shown": named}


def _chosen(asked: Asked) -> dict[str, str]:
    chosen = {name: asked.query.get(name, "") for name in ("key", "from", "to", "framework", "status")}
    chosen["key"] = chosen["key"].strip().upper()
    if chosen["key"]:
        asked.reading.state(chosen["key"], asked.moment)
    if chosen["framework"] and chosen["framework"] not in FILES:
        raise unknown("framework", chosen["framework"], tuple(FILES), try_=("roadlog audit",))
    if chosen["status"] and chosen["status"] not in telling.SIGNS:
        known = ", ".join(telling.SIGNS)
        raise Malformed(
            "status", f"{chosen['status']!r} is no status: it is one of {known}.", missing=("status",)
        )
    for name in ("from", "to"):
        time_in(asked.query, name, asked.zone)
    return chosen


def _is_chosen(control: Control, chosen: dict[str, str]) -> bool:
    return chosen["framework"] in ("", control.framework) and chosen["status"] in ("", control.status)


def _name(asked: Asked, chosen: dict[str, str]) -> tuple[str | int, ...]:
    """What the answer depends on: about now also on the time, as things lapse."""
    given = (asked.query.get(name, "") for name in MOMENT)
    asked_for = (chosen[name] for name in ("key", "from", "to"))
    lapse = 0 if asked.is_past else int(asked.now.timestamp() // LASTS[asked.moment.position > AT_ONCE])
    return ("audit", asked.moment.position, lapse, *given, *asked_for)


def _audited(asked: Asked, chosen: dict[str, str]) -> dict[str, Any]:
    """The audit, without the positions that a page has no room for."""
    answer = audited(
        asked.reading,
        asked.moment,
        key=chosen["key"] or None,
        start=time_in(asked.query, "from", asked.zone),
        end=time_in(asked.query, "to", asked.zone),
    )
    own = {each["id"] for each in answer["controls"] if each["framework"] == OWN}
    return {
        "title": telling.title(answer, asked.zone),
        "summary": answer["summary"],
        "frameworks": [{**each, "told": list(telling.edition(each))} for each in answer["frameworks"]],
        "controls": [_control(each, own) for each in answer["controls"]],
        "is_not": answer["is_not"],
        "as_of": answer["as_of"],
        "position": answer["position"],
        "head": answer["head"],
    }


def _control(control: dict[str, Any], own: set[str]) -> Control:
    sign, tone = telling.SIGNS[control["status"]]
    elsewhere = telling.elsewhere(control, own)
    outside = control["status"] == "out-of-scope"
    return Control(
        id=control["id"],
        framework=control["framework"],
        title=control["title"],
        refs=control["framework_refs"],
        status=control["status"],
        sign=sign,
        tone=tone,
        records=_records(control["evidence"]),
        why=list(telling.outside([control])) if outside else list(telling.not_shown(control)),
        findings={
            "": _findings([each for each in control["findings"] if each["check"] not in elsewhere]),
            **{
                check: _findings([each for each in control["findings"] if each["check"] == check])
                for check in elsewhere
            },
        },
    )


def _findings(found: list[dict[str, Any]]) -> tuple[list[Finding], int]:
    told = [Finding(each["key"], each["text"], _records(each["positions"])) for each in found[:FINDINGS]]
    return told, len(found) - len(told)


def _records(positions: list[int]) -> Records:
    runs = words.runs(positions)
    left = sum(last - first + 1 for first, last in runs[RUNS:])
    return Records(len(positions), runs[:RUNS], left)
