"""Tokens on the command line: made for somebody who is here, shown once, listed, revoked."""

from __future__ import annotations

from roadlog.tokens import Tokens
from tests.cli.line import Line


def test_a_new_token_is_shown_once_and_listed_without_its_secrets(line: Line) -> None:
    before = line.records()
    made = line.json("token", "new", "carla", "--days", "7")
    assert list(made) == [
        *("id", "handle", "scope", "made_at", "expires_at", "revoked_at", "code_waits", "signed_in", "holds"),
        *("code", "bearer"),
    ]
    assert (made["id"], made["handle"], made["scope"], made["holds"]) == (1, "carla", "write", True)
    (listed,) = line.json("token", "list")
    assert listed == {name: value for name, value in made.items() if name not in ("code", "bearer")}
    assert line.records() == before  # the log holds none of it


def test_what_is_printed_says_what_each_secret_is_for(line: Line) -> None:
    assert line("token", "list") == "No token was made yet.\n"
    said = line("token", "new", "carla", "--read-only").splitlines()
    assert said[0].startswith("Token 1 lets carla read until ")
    assert said[2].startswith("Code to sign in to the page, once: ")
    assert said[3].startswith("Bearer token for the API: ")
    assert said[4] == "roadlog token revoke 1 ends it."
    assert "code not used yet" in line("token", "list")
    Tokens(line.folder).sign_in(said[2].split()[-1], Tokens(line.folder).all()[0].made_at)
    assert "signed in" in line("token", "list")


def test_a_token_is_revoked_once(line: Line) -> None:
    line("token", "new", "carla")
    first = line.json("token", "revoke", "1")
    assert (first["holds"], first["code_waits"]) == (False, False)
    assert line.json("token", "revoke", "1") == first
    assert line("token", "revoke", "1").startswith("Token 1 of carla is revoked since ")
    assert "revoked" in line("token", "list")
    assert line.error("token", "revoke", "2")["message"] == "There is no token 2."
    line.fails(2, "token", "revoke", "0")


def test_an_agent_gets_no_code(line: Line) -> None:
    line("stakeholder", "add", "bot", "--kind", "agent")
    assert line.json("token", "new", "bot")["code"] is None
    assert "Code" not in line("token", "new", "bot")


def test_who_is_not_here_gets_none(line: Line) -> None:
    error = line.error("token", "new", "carl")
    assert (error["exit"], error["rule"]) == (2, "unknown-stakeholder")
    assert error["message"] == "There is no stakeholder 'carl'. Did you mean carla?"
    line("stakeholder", "leave", "dan", "--because", "left")
    assert "dan left the roadmap and gets no token." in line.fails(5, "token", "new", "dan")
    line.fails(2, "token", "new", "carla", "--days", "0")
    assert not (line.folder / "tokens.db").exists()
