"""Time zones by their names, such as Europe/Berlin: the one place that makes them."""

from datetime import UTC, tzinfo

from roadlog.domain.refusals import unknown


def zone_of(name: str) -> tzinfo:
    """The zone of a name. Raises Unknown, offering the nearest name that is known on this machine."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise unknown("zone", name, names(), most=FEW) from error


def names() -> tuple[str, ...]:
    """Every name that is known on this machine, in order."""
    from zoneinfo import available_timezones

    return tuple(sorted(available_timezones()))


FEW = 3
"""Names that are told where none is near."""
