"""What answers each question of the API: the same functions that answer it on the command line."""

import os
from collections.abc import Mapping
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any, NamedTuple

from roadlog import history
from roadlog.domain.refusals import Malformed
from roadlog.projections.moment import Moment
from roadlog.reading import Reading
from roadlog.web.api.parameters import AT_MOMENT

PAGE = 1_000
"""Entries of one answer, unless fewer are asked for; those after them are asked for next."""


MOST = 5_000
"""Records of which a digest tells at most: no server holds a log in memory for whoever asks."""


class Given(NamedTuple):
    """What an answer is made from.

    values: what stands in the address, by what each is called
    caller: the handle of whoever asks by a token
    """

    folder: str | os.PathLike[str]
    reading: Reading
    values: Mapping[str, Any]
    caller: str | None
    zone: tzinfo
    now: datetime

    @property
    def moment(self) -> Moment:
        """The moment that is asked about; now, unless it is said. Raises Malformed."""
        asked = {each.called: self.values[each.called] for each in AT_MOMENT}
        return self.reading.moment(**asked)

    def handle(self) -> str:
        """Of whom it is asked: whoever is named, else who asks. Raises Malformed where nobody is."""
        found = self.values["for"] or self.caller
        if found is None:
            raise Malformed("parameter", "for must be given: nobody is known by a token.", missing=("for",))
        return str(found)


class Part(NamedTuple):
    """Some of many entries, and what to change in the address for those after them; None at their end."""

    entries: list[Any]
    following: Mapping[str, int] | None


def board(given: Given) -> Any:
    return given.reading.board(given.moment)


def initiatives(given: Given) -> Any:
    return given.reading.board(given.moment)["initiatives"]


def show(given: Given) -> Any:
    return given.reading.show(given.values["key"], given.moment)


def gate(given: Given) -> Any:
    return given.reading.gate(given.values["key"], given.moment)


def log(given: Given) -> Part:
    """The first entries of what is asked for; of its last ones nothing follows."""
    from roadlog.trail import event_type

    values = given.values
    kind, count = values["type"], values["count"] or PAGE
    trail = given.reading.trail(
        given.moment,
        key=values["key"],
        kind=None if kind is None else event_type(kind),
        actor=values["actor"],
        since=values["since"],
        last=values["last"],
        first=None if values["last"] else count + 1,
        after=values["after"] or 0,
    )
    some = trail.only({each.position for each in trail.index[:count]})
    more = len(trail.index) > count
    return Part(list(some), {"after": some.index[-1].position} if more else None)


def why(given: Given) -> Any:
    return history.why(given.reading, given.values["key"], given.values["field"], given.moment)


def diff(given: Given) -> Any:
    start, end = _moments(given)
    return history.difference(given.reading, start, end, given.values["key"])


def replay(given: Given) -> Part:
    start, end = _moments(given)
    history.check_order(start, end)
    count = given.values["count"] or PAGE
    steps = history.steps(given.reading, start, end, given.values["key"])
    found = list(islice(steps, count + 1))
    more = len(found) > count
    return Part(found[:count], {"from": found[count - 1]["position"]} if more else None)


def _moments(given: Given) -> tuple[Moment, Moment]:
    """From which moment to which. Raises Malformed for one after now or beyond the head."""
    values = given.values
    start = {"position": 0} if values["from"] is None else values["from"]
    return given.reading.moment(**start), given.reading.moment(**(values["to"] or {}))


def next_(given: Given) -> Any:
    return given.reading.owed(given.handle(), given.moment)


def digest(given: Given) -> Any:
    from roadlog.digest import digest as made
    from roadlog.digest import window_of

    values = given.values
    window = window_of(given.reading, given.moment, since=values["since"], after=values["after"])
    count = window.upto - window.after
    if count > MOST:
        message = f"This window holds {count:,} records, and an answer tells {MOST:,}: ask in parts."
        raise Malformed("window", message, missing=("position",))
    return made(given.reading, given.handle(), given.moment, since=values["since"], after=values["after"])


def search(given: Given) -> Any:
    from roadlog.projections.search import BEST

    return given.reading.search(given.values["q"], given.moment, best=given.values["best"] or BEST)


def metrics(given: Given) -> Any:
    reading, moment, values = given.reading, given.moment, given.values
    if values["milestone"] is not None:
        reading.check_milestone(values["milestone"], moment)
    if values["role"] is not None:
        reading.check_role(values["role"], moment)
    return reading.metrics(
        moment,
        key=values["key"],
        milestone=values["milestone"],
        role=values["role"],
        segment=values["segment"],
        window=(values["from"], values["to"]),
        zone=values["zone"],
    )


def forecast(given: Given) -> Any:
    from roadlog.forecasts import made
    from roadlog.projections.forecast.question import Question

    values = given.values
    several = tuple(name for name in ("key", "count", "by") if values[name] is not None)
    if len(several) > 1:
        message = f"{' and '.join(several)} are questions of their own: give one of them."
        raise Malformed("question", message, missing=several)
    question = Question(
        key=values["key"],
        count=values["count"],
        by=values["by"],
        seed=values["seed"],
        window=(values["from"], values["to"]),
    )
    return made(given.reading, given.moment, question, values["zone"])


def risks(given: Given) -> Any:
    return given.reading.entries("risks", given.moment, given.values["key"])


def edge_cases(given: Given) -> Any:
    return given.reading.entries("edge_cases", given.moment, given.values["key"])


def evidence(given: Given) -> Any:
    return given.reading.entries("evidence", given.moment, given.values["key"])


def incidents(given: Given) -> Any:
    return given.reading.entries("incidents", given.moment)


def stakeholders(given: Given) -> Any:
    from roadlog.projections.people import stakeholders as people

    return people(given.reading.roadmap(given.moment))


def workflow(given: Given) -> Any:
    from roadlog.projections.people import workflow_answer

    return workflow_answer(given.reading.workflow(given.moment))


def catalogue(given: Given) -> Any:
    from roadlog.projections.catalogue import catalogue as types
    from roadlog.projections.catalogue import json_schema

    return json_schema() if given.values["schema"] else types()


def verify(given: Given) -> Any:
    from roadlog.verification import verdict

    return verdict.verify(given.folder, now=given.now)


def audit(given: Given) -> Any:
    from roadlog.audit import audit as audited

    values = given.values
    return audited(
        given.reading,
        given.moment,
        key=values["key"],
        ids=values["control"],
        start=values["from"],
        end=values["to"],
    )


def records(given: Given) -> Part:
    """Records as they landed. Raises Malformed for a position beyond its end."""
    from roadlog import failures
    from roadlog.projections.records import record_json

    after, head = given.values["after"] or 0, given.reading.head_now()
    if after > head:
        raise failures.beyond(after, head)
    last = min(head, after + (given.values["count"] or PAGE))
    found = [record_json(each) for each in given.reading.records(after=after, upto=last)]
    return Part(found, {"after": last})


def record(given: Given) -> Any:
    from roadlog.projections.records import record_json

    return record_json(given.reading.record(given.values["position"]))


def prove(given: Given) -> Any:
    from roadlog import proving

    return proving.prove_record(given.folder, given.values["position"])


def prove_growth(given: Given) -> Any:
    from roadlog import proving

    return proving.prove_growth(given.folder, given.values["from"], given.values["to"])
