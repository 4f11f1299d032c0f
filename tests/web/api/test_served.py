"""The API of the server itself, over its own connection."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import httpx2

from roadlog import machine
from roadlog.tokens import Tokens
from roadlog.web.api import bodies
from tests.web.api.conftest import BASE
from tests.web.serving import served


def test_it_is_asked_and_recorded_over_http(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".roadlog"
    shutil.copytree(demo, folder)
    now = machine.clock()
    bearer = Tokens(folder).new("mara", now + timedelta(days=1), "write", now).bearer
    with served(folder) as address, httpx2.Client(base_url=f"{address}{BASE}") as asked:
        head = asked.head("/board")
        assert (head.status_code, head.content) == (200, b"")
        before = asked.get("/initiatives/SUP-1")
        wish = {"Authorization": f"Bearer {bearer}", "If-Match": before.headers["etag"]}
        answer = asked.post("/initiatives/SUP-1/note", json={"text": "Over HTTP"}, headers=wish)
        assert answer.status_code == 201
        assert asked.get("/initiatives/SUP-1").headers["etag"] == answer.headers["etag"]
        again = asked.post("/initiatives/SUP-1/note", json={"text": "Over HTTP"}, headers=wish)
        assert (again.status_code, again.json()["exit"]) == (412, 3)


def test_a_body_that_is_too_large_is_not_waited_for(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".roadlog"
    shutil.copytree(demo, folder)
    now = machine.clock()
    bearer = Tokens(folder).new("mara", now + timedelta(days=1), "write", now).bearer
    wish = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    with served(folder) as address, httpx2.Client(base_url=f"{address}{BASE}") as asked:
        body = b" " * (bodies.LARGEST + 1)
        answer = asked.post("/initiatives/SUP-1/note", content=body, headers=wish)
        assert (answer.status_code, answer.json()["rule"]) == (413, "size")
