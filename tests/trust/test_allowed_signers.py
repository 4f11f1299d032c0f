"""The file of allowed signers: each key once, within its window, for one log, and no wildcards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from roadlog.domain.folds.keys import Key
from roadlog.domain.ssh_keys import ED25519, PublicKey
from roadlog.trust.allowed_signers import allowed_signers

ORIGIN = "roadlog/SUP/0123456789abcdef"
SINCE = datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, TWO = (PublicKey(kind=ED25519, point=bytes([each]) * 32) for each in (1, 2))


def key(
    handle: str = "carla",
    public: PublicKey = ONE,
    *,
    since: datetime = SINCE,
    until: datetime | None = None,
    retired_at: datetime | None = None,
) -> Key:
    return Key(
        position=1,
        stakeholder=handle,
        fingerprint=public.fingerprint,
        public_key=public.text,
        valid_from=since,
        valid_until=until,
        enrolled_by=handle,
        retired_by=None if retired_at is None else 2,
        retired_at=retired_at,
    )


def window(*keys: Key) -> str:
    """What stands in the one line between the namespace and the key."""
    written = allowed_signers(keys, ORIGIN)
    begin = f'{",".join(each.stakeholder for each in keys)} namespaces="approval@{ORIGIN}",'
    assert written.startswith(begin)
    assert written.endswith(f" {ONE.text}\n")
    return written.removeprefix(begin).removesuffix(f" {ONE.text}\n")


def test_a_key_signs_from_its_enrolment_on() -> None:
    assert window(key()) == 'valid-after="20260302090000Z"'


def test_until_its_window_ends_or_it_is_retired() -> None:
    assert window(key(until=SINCE + HOUR)) == 'valid-after="20260302090000Z",valid-before="20260302100000Z"'
    whole = SINCE.replace(microsecond=0) + HOUR
    assert window(key(until=whole)).endswith('valid-before="20260302095959Z"')
    assert window(key(until=whole + HOUR, retired_at=whole)).endswith('valid-before="20260302095959Z"')
    assert window(key(until=whole, retired_at=whole + HOUR)).endswith('valid-before="20260302095959Z"')


def test_times_are_those_of_utc() -> None:
    there = SINCE.astimezone(timezone(2 * HOUR))
    assert window(key(since=there)) == 'valid-after="20260302090000Z"'


def test_a_key_that_never_signs_is_left_out() -> None:
    assert allowed_signers([key(since=SINCE + HOUR, retired_at=SINCE)], ORIGIN) == ""
    assert allowed_signers([key(retired_at=SINCE)], ORIGIN) == ""


def test_a_key_of_two_handles_stands_there_once_while_it_signs_for_both() -> None:
    both = (key(until=SINCE + HOUR), key("dan", since=SINCE + HOUR / 2))
    assert window(*both) == 'valid-after="20260302093000Z",valid-before="20260302100000Z"'
    apart = (key(until=SINCE + HOUR), key("dan", since=SINCE + 2 * HOUR))
    assert allowed_signers(apart, ORIGIN) == ""


def test_each_key_has_its_line() -> None:
    written = allowed_signers([key(), key("dan", TWO), key("erin")], ORIGIN).splitlines()
    assert [each.partition(" ")[0] for each in written] == ["carla,erin", "dan"]
    assert [each.endswith(of.text) for each, of in zip(written, (ONE, TWO), strict=True)] == [True, True]


@pytest.mark.parametrize("handle", ["*", "c?rla", "!carla", "carla,dan", 'carla" ', "carla\n*", ""])
def test_what_is_no_handle_never_becomes_a_pattern(handle: str) -> None:
    assert allowed_signers([key(handle)], ORIGIN) == ""


@pytest.mark.parametrize("text", ["", f"{ONE.text}\n* {TWO.text}", f"{ONE.text} comment", "ssh-rsa AAAA"])
def test_what_is_no_key_never_becomes_a_line(text: str) -> None:
    assert allowed_signers([replace(key(), public_key=text)], ORIGIN) == ""
