"""The demo's store, and a site of a store with its team of whom each has a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from httpx2 import Response
from msgspec.json import Decoder
from starlette.testclient import TestClient

from roadlog.tokens import Scope, Tokens
from roadlog.web.api import document
from roadlog.web.api.bodies import Wished, WishedApproval
from roadlog.web.app import application
from roadlog.web.commands import COMMANDS
from tests.demo.conftest import TODAY, Played
from tests.stores import Store
from tests.web.asking import ADDRESS, HOST

BASE = "/api/v1"
PREPARED = (document.made(), *map(Decoder, (Wished, WishedApproval, *COMMANDS.values())))
"""Made while time is frozen, they would take freezegun's types for those of their fields."""


class Site:
    """One store's API, asked as whoever has a token."""

    def __init__(self, folder: Path, client: TestClient) -> None:
        self.folder = folder
        self.client = client
        self.bearers: dict[str, str] = {}

    def token(self, handle: str, now: Any, *, scope: Scope = "write", days: int = 30) -> str:
        """A new bearer token of a stakeholder."""
        return Tokens(self.folder).new(handle, now + timedelta(days=days), scope, now).bearer

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(f"{BASE}{path}", **options)

    def post(self, path: str, values: Any = None, *, by: str | None = "dan", **headers: str) -> Response:
        """What comes of a wish by that stakeholder."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {"Authorization": f"Bearer {self.bearers[by]}"} if by else {}
        return self.client.post(f"{BASE}{path}", json=values or {}, headers={**known, **named})


def client(folder: Path, **options: Any) -> TestClient:
    """Of the whole site of a store; a defect is an answer, too."""
    made = application(folder, hosts=[HOST], **options)
    return TestClient(made, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def site(team: Store) -> Iterator[Site]:
    """The team's store with SUP-1, and a token for each of them."""
    team.define()
    with client(team.folder) as asked:
        made = Site(team.folder, asked)
        for handle in ("paula", "dan", "erin", "carla", "otto"):
            made.bearers[handle] = made.token(handle, team.now)
        yield made


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's store."""
    return Played(tmp_path_factory.mktemp("demo") / "roadlog-demo").folder / ".roadlog"


@pytest.fixture
def demo_site(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo as it was just after it was played."""
    folder = tmp_path / ".roadlog"
    shutil.copytree(demo, folder)
    with freeze_time(TODAY + timedelta(minutes=5)), client(folder) as asked:
        yield Site(folder, asked)
