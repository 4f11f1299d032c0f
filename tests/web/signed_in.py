"""Somebody who is signed in to a site, and what stands in the forms that they are shown."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Literal

from httpx2 import Response
from starlette.testclient import TestClient

from roadlog.machine import clock
from roadlog.tokens import Tokens


def code_for(
    folder: Path, handle: str, scope: Literal["read", "write"] = "write", span: timedelta = timedelta(days=30)
) -> str:
    """A new token's code."""
    now = clock()
    code = Tokens(folder).new(handle, now + span, scope, now).code
    assert code is not None
    return code


def sign_in(site: TestClient, folder: Path, handle: str, scope: Literal["read", "write"] = "write") -> None:
    """From now on the site knows them."""
    answer = site.post("/sign-in", data={"code": code_for(folder, handle, scope)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def posts(site: TestClient, path: str, **values: str | list[str]) -> Response:
    """What comes of a form that was opened and filled in."""
    shown = site.get(path)
    assert shown.status_code == 200, shown.text
    return site.post(path, data={**hidden(shown.text), **values})
