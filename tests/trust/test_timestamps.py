"""Time stamps: `openssl ts` is the authority, and what is none of its stamps is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadlog.domain.refusals import StoreFailure
from roadlog.trust.der import with_certificates_in_order
from roadlog.trust.exchange import NoAnswer
from roadlog.trust.timestamps import REPLY, BadStamp, is_of, stamp, stamped
from tests.trust.authority import Authority
from tests.trust.logs import LOG

NOTE = LOG.note(12).write()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "ours")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "theirs", "stranger")


@pytest.fixture(scope="module")
def answer(authority: Authority) -> Iterator[bytes]:
    with authority.serving() as url:
        yield stamped(url, NOTE, authority.roots)


def test_an_authority_says_when_it_was_shown(authority: Authority, answer: bytes) -> None:
    at, by = stamp(answer, NOTE, authority.roots)
    assert by == f"CN=tsa, SHA-256 {authority.signer}"
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    assert authority.accepts(answer, NOTE)  # and openssl says the same of it


def test_more_roots_than_the_right_one_are_no_matter(
    authority: Authority, stranger: Authority, answer: bytes
) -> None:
    assert stamp(answer, NOTE, stranger.roots + authority.roots + authority.roots)


def test_a_stamp_of_other_bytes_is_refused(authority: Authority, answer: bytes) -> None:
    assert is_of(answer, NOTE)
    assert not is_of(answer, LOG.note(13).write())
    with pytest.raises(BadStamp, match="Mismatch"):
        stamp(answer, LOG.note(13).write(), authority.roots)
    assert not authority.accepts(answer, LOG.note(13).write())


def test_a_stamp_of_another_authority_is_refused(
    authority: Authority, stranger: Authority, answer: bytes
) -> None:
    with pytest.raises(BadStamp):
        stamp(answer, NOTE, stranger.roots)
    with stranger.serving() as url, pytest.raises(BadStamp):
        stamped(url, NOTE, authority.roots)


def test_certificates_in_any_order_are_read(authority: Authority) -> None:
    """The signer's stands before its root's, which is shorter: that is not DER's order."""
    with authority.serving(lambda query: (200, REPLY, authority.answer(query, "root"))) as url:
        assert stamped(url, NOTE, authority.roots)
        as_sent = patch("roadlog.trust.timestamps.with_certificates_in_order", lambda answer: answer)
        with as_sent, pytest.raises(BadStamp, match="InvalidSetOrdering"):  # the control
            stamped(url, NOTE, authority.roots)


@given(st.binary(max_size=200))
def test_what_is_not_laid_out_so_is_left_alone(content: bytes) -> None:
    assert sorted(with_certificates_in_order(content)) == sorted(content)


def test_a_stamp_of_another_question_is_refused(authority: Authority) -> None:
    """Somebody sends an old stamp of the same bytes: its nonce is not the one that was asked with."""
    with authority.serving() as url:
        old = stamped(url, NOTE, authority.roots)
    with authority.serving(lambda _: (200, REPLY, old)) as url, pytest.raises(BadStamp, match="Nonce"):
        stamped(url, NOTE, authority.roots)


def test_an_authority_that_refuses_is_told(authority: Authority) -> None:
    with (
        authority.serving(lambda _: (200, REPLY, authority.answer(b"0\x03\x02\x01\x01"))) as url,
        pytest.raises(BadStamp, match="the authority refused"),
    ):
        stamped(url, NOTE, authority.roots)


@pytest.mark.parametrize(
    ("status", "kind", "saying"),
    [(404, REPLY, "answered 404"), (200, "text/html", "with text/html, not with a time stamp")],
)
def test_an_answer_that_is_none_is_told(authority: Authority, status: int, kind: str, saying: str) -> None:
    with authority.serving(lambda _: (status, kind, b"")) as url, pytest.raises(NoAnswer, match=saying):
        stamped(url, NOTE, authority.roots)


@pytest.mark.parametrize(
    "roots", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_roots_that_are_none_are_refused(answer: bytes, roots: bytes) -> None:
    with pytest.raises(
        BadStamp, match=r"it holds no certificates in PEM, which begin with -----BEGIN CERT.*-$"
    ):
        stamp(answer, NOTE, roots)


def test_without_the_package_it_says_how_to_get_it(authority: Authority, answer: bytes) -> None:
    with patch("importlib.util.find_spec", return_value=None), pytest.raises(StoreFailure) as refused:
        stamp(answer, NOTE, authority.roots)
    assert "pip install 'roadlog[tsa]', or pip install '.[tsa]' in a clone" in refused.value.message


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_stamp_with_any_bit_flipped_says_no_other_time(
    authority: Authority, answer: bytes, data: st.DataObject
) -> None:
    place, bit = data.draw(st.integers(0, len(answer) - 1)), data.draw(st.integers(0, 7))
    flipped = answer[:place] + bytes([answer[place] ^ (1 << bit)]) + answer[place + 1 :]
    try:
        found = stamp(flipped, NOTE, authority.roots)
    except BadStamp:
        return
    assert found == stamp(answer, NOTE, authority.roots)
