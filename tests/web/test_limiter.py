"""How often an address may fail."""

from datetime import UTC, datetime, timedelta

from roadlog.web.limiter import ADDRESSES, Limiter

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_an_address_waits_until_the_first_of_its_last_failures_is_a_minute_old() -> None:
    limiter = Limiter(most=3)
    for second in (0, 10, 20):
        assert limiter.wait("a", NOW + second * SECOND) == 0
        limiter.failed("a", NOW + second * SECOND)
    assert limiter.wait("a", NOW + 20 * SECOND) == 40
    assert limiter.wait("a", NOW + 59.5 * SECOND) == 1
    assert limiter.wait("a", NOW + 60 * SECOND) == 0
    limiter.failed("a", NOW + 60 * SECOND)
    assert limiter.wait("a", NOW + 60 * SECOND) == 10
    assert limiter.wait("b", NOW + 60 * SECOND) == 0


def test_not_more_addresses_are_remembered_than_there_is_room_for() -> None:
    limiter = Limiter(most=1)
    for each in range(ADDRESSES + 1):
        limiter.failed(str(each), NOW)
    assert (limiter.wait("0", NOW), limiter.wait("1", NOW)) == (0, 60)
