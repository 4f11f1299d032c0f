"""Tokens: what a secret opens, how often, until when; and that none of them is kept."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roadlog.domain.refusals import StoreFailure, Unknown
from roadlog.tokens import Tokens

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
END = NOW + timedelta(days=30)
LAST = END - timedelta(microseconds=1)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


def holder_of(tokens: Tokens, secret: str | None, now: datetime = NOW) -> str | None:
    """Who a session or a bearer token belongs to."""
    found = tokens.holder(secret or "", "session", now) or tokens.holder(secret or "", "api", now)
    return found.handle if found else None


def test_a_bearer_token_holds_until_its_end(tokens: Tokens) -> None:
    _, bearer = tokens.new("carla", END, "write", NOW)
    assert (holder_of(tokens, bearer), holder_of(tokens, bearer, LAST)) == ("carla", "carla")
    assert holder_of(tokens, bearer, END) is None


def test_a_code_signs_in_once_and_the_session_holds_until_the_tokens_end(tokens: Tokens) -> None:
    code, bearer = tokens.new("carla", END, "read", NOW)
    assert code is not None
    session = tokens.sign_in(code, NOW)
    assert session is not None
    assert tokens.sign_in(code, NOW) is None
    assert (holder_of(tokens, session, LAST), holder_of(tokens, session, END)) == ("carla", None)
    assert holder_of(tokens, bearer, LAST) == "carla"


def test_a_code_signs_in_no_more_once_its_token_ended(tokens: Tokens) -> None:
    expired, _ = tokens.new("carla", END, "write", NOW)
    revoked, _ = tokens.new("carla", END, "write", NOW)
    tokens.revoke(2, NOW)
    assert expired is not None
    assert revoked is not None
    assert (tokens.sign_in(expired, END), tokens.sign_in(revoked, NOW)) == (None, None)
    assert tokens.sign_in(expired, LAST) is not None


def test_each_secret_opens_only_what_it_is_for(tokens: Tokens) -> None:
    code, bearer = tokens.new("carla", END, "write", NOW)
    assert code is not None
    assert tokens.sign_in(bearer, NOW) is None
    assert tokens.holder(bearer, "session", NOW) is None
    assert holder_of(tokens, code) is None
    session = tokens.sign_in(code, NOW)
    assert session is not None
    assert tokens.holder(session, "api", NOW) is None


def test_a_revoked_token_ends_with_its_session(tokens: Tokens) -> None:
    code, bearer = tokens.new("carla", END, "write", NOW)
    _, other = tokens.new("carla", END, "write", NOW)
    session = tokens.sign_in(code or "", NOW)
    revoked = tokens.revoke(1, NOW)
    assert (revoked.revoked_at, revoked.signed_in, revoked.holds(NOW)) == (NOW, False, False)
    assert (holder_of(tokens, bearer), holder_of(tokens, session), holder_of(tokens, other)) == (
        None,
        None,
        "carla",
    )
    assert tokens.revoke(1, LAST).revoked_at == NOW  # it stays revoked since then


def test_who_signs_out_needs_another_code_and_keeps_the_bearer_token(tokens: Tokens) -> None:
    code, bearer = tokens.new("carla", END, "write", NOW)
    session = tokens.sign_in(code or "", NOW)
    tokens.sign_out(session or "")
    assert (holder_of(tokens, session), tokens.sign_in(code or "", NOW)) == (None, None)
    assert holder_of(tokens, bearer) == "carla"


def test_a_token_for_the_api_alone_has_no_code(tokens: Tokens) -> None:
    code, bearer = tokens.new("bot", END, "write", NOW, page=False)
    assert code is None
    assert tokens.sign_in("", NOW) is None
    assert holder_of(tokens, bearer) == "bot"


@pytest.mark.parametrize("secret", ["", "x", "é", "\udcff", "\0", "x" * 100_000, "' OR 1 = 1 --"])
def test_what_is_no_secret_opens_nothing(tokens: Tokens, secret: str) -> None:
    tokens.new("carla", END, "write", NOW)
    assert (tokens.sign_in(secret, NOW), holder_of(tokens, secret)) == (None, None)


ASKED: list[Callable[[Tokens], object]] = [
    lambda tokens: tokens.sign_in("x", NOW),
    lambda tokens: tokens.holder("x", "session", NOW),
    lambda tokens: tokens.all() or None,
]


@pytest.mark.parametrize("ask", ASKED)
def test_asking_makes_no_file(tokens: Tokens, tmp_path: Path, ask: Callable[[Tokens], object]) -> None:
    assert ask(tokens) is None
    tokens.sign_out("x")
    assert list(tmp_path.iterdir()) == []


def test_a_token_that_is_not_there_cannot_be_revoked(tokens: Tokens) -> None:
    for _ in range(2):  # without a file, and with one
        with pytest.raises(Unknown, match=r"There is no token 7\."):
            tokens.revoke(7, NOW)
        tokens.new("carla", END, "write", NOW)


def test_no_secret_is_kept_and_the_file_is_its_owners(tokens: Tokens, tmp_path: Path) -> None:
    code, bearer = tokens.new("carla", END, "write", NOW)
    session = tokens.sign_in(code or "", NOW)
    kept = (tmp_path / "tokens.db").read_bytes()
    assert b"carla" in kept  # the control: what is kept can be found so
    assert [each for each in (code, bearer, session) if (each or "").encode() in kept] == []
    assert stat.S_IMODE((tmp_path / "tokens.db").stat().st_mode) == 0o600


def test_a_file_that_is_none_is_told(tokens: Tokens, tmp_path: Path) -> None:
    (tmp_path / "tokens.db").write_bytes(b"x" * 4096)
    with pytest.raises(StoreFailure, match=r"tokens\.db cannot be used: file is not a database"):
        tokens.all()
