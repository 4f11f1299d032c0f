"""Boards as Jira answers them, made for tests; and the files that were written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from roadlog.application import Wish
from roadlog.interop.claims import BadLine, Claim, Line, Truncated
from roadlog.interop.importing import Summary
from roadlog.interop.jira_log import log, read
from roadlog.interop.preparation import Choices
from tests.interop.logs import INFER, NOW, PAULA, Store, at

FILES = Path(__file__).parent / "jira"
Json = dict[str, Any]
Told = tuple[str, str, datetime, str | None, int]
"""A line: its case, activity, time, actor and number."""
IDS = {"To Do": "10001", "Doing": "3", "Review": "10002", "Done": "10003"}


def written(moment: datetime, hours: int = 0) -> str:
    """A time as Jira writes it, with that offset from UTC."""
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def status(before: str, after: str) -> Json:
    """The item of a history that changed the status."""
    ids = {"from": IDS.get(before, before), "to": IDS.get(after, after)}
    return {"field": "status", "fieldtype": "jira", **ids, "fromString": before, "toString": after}


LABEL = {"field": "labels", "fieldtype": "jira", "from": None, "fromString": "", "to": None, "toString": "ai"}


def history(number: int, moment: datetime, *items: Json, who: str | None = "Ana", hours: int = 0) -> Json:
    author = None if who is None else {"accountId": f"id-{who.lower()}", "displayName": who}
    return {
        "id": str(number),
        "author": author,
        "created": written(moment, hours),
        "items": list(items or (LABEL,)),
    }


MOVED = (history(7, at(2), status("To Do", "Done")),)


STEPS = (
    history(11, at(2), status("To Do", "Doing")),
    history(12, at(3), status("Doing", "Done"), who="Ben"),
    history(13, at(4), status("Done", "Doing")),
    history(14, at(5), status("Doing", "Done"), who=None),
)


def issue(
    key: str,
    *histories: Json,
    now: str | None = "Done",
    created: datetime = at(1),  # noqa: B008 (a datetime is never changed)
    total: int | None = None,
    summary: str = "An issue",
) -> Json:
    """An issue with these histories of `total`, in the status `now`."""
    return {
        "key": key,
        "fields": {
            "summary": summary,
            "created": written(created),
            "creator": {"accountId": "id-paula", "displayName": "Paula"},
            "status": None if now is None else {"id": IDS.get(now, now), "name": now},
        },
        "changelog": {
            "startAt": 0,
            "maxResults": 100,
            "total": len(histories) if total is None else total,
            "histories": deepcopy(list(histories)),
        },
    }


def page(*issues: Json, total: int | None = None, start: int = 0) -> Json:
    """A page of a search."""
    whole = start + len(issues) if total is None else total
    return {"startAt": start, "maxResults": 50, "total": whole, "issues": list(issues)}


def changelog(key: str, *histories: Json, start: int, total: int) -> Json:
    """A page of one issue's changelog."""
    address = f"https://example.com/rest/api/3/issue/{key}/changelog?startAt={start}&maxResults=100"
    return {
        "self": address,
        "startAt": start,
        "total": total,
        "isLast": start + len(histories) >= total,
        "values": list(histories),
    }


def files(folder: Path, answers: Iterable[Any]) -> list[Path]:
    """Each answer in a file of its own; bytes and texts as they are."""
    paths = []
    for number, answer in enumerate(answers, start=1):
        path = folder / f"page-{number}.json"
        content = answer if isinstance(answer, bytes | str) else json.dumps(answer)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return paths


def imports(store: Store, *answers: Any, choices: Choices = INFER, wish: Wish = PAULA) -> Summary:
    """Imports answers, a file each."""
    return store.imports_from(log(files(store.folder, answers), now=NOW), choices, wish)


def moves(store: Store, title: str) -> list[tuple[str, datetime]]:
    """Each milestone of an initiative, and since when it stood there."""
    return [each[:2] for each in store.told()[title]]


class Claims:
    """What files claim, sorted by kind."""

    def __init__(self, paths: Sequence[Path]) -> None:
        claims: list[Claim] = list(read(paths, now=NOW, zone=UTC))
        self.lines = [each for each in claims if isinstance(each, Line)]
        self.bad = [each for each in claims if isinstance(each, BadLine)]
        self.truncated = [each for each in claims if isinstance(each, Truncated)]

    def told(self, case: str | None = None) -> list[Told]:
        return [
            (each.case, each.activity, each.at, each.actor, each.number)
            for each in self.lines
            if case in (None, each.case)
        ]

    def stays(self, case: str) -> list[tuple[str, datetime]]:
        """Each status of an issue, and since when it stood there."""
        return [(activity, since) for _, activity, since, _, _ in self.told(case)]

    def why(self, case: str | None) -> str | None:
        """What is said to be missing of a case."""
        return next((each.why for each in self.truncated if each.case == case), None)
