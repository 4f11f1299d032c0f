"""The file by which `ssh-keygen -Y verify` knows whose keys sign approvals in a log, and when."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from roadlog.domain.approval_text import namespace
from roadlog.domain.folds.keys import Key
from roadlog.domain.limits import is_name
from roadlog.domain.ssh_keys import BadKey, read

SECOND = timedelta(seconds=1)


def allowed_signers(keys: Iterable[Key], origin: str) -> str:
    """A line for each key: its handles, the namespace, its window and the key. None has a wildcard.

    The form is that of ALLOWED SIGNERS in ssh-keygen(1). A window ends when the key was retired. A key that
    several handles have stands there once, for the time in which it signs for all of them; one that never
    signs does not stand there.
    """
    holders: dict[str, list[Key]] = {}
    for each in filter(_sound, keys):
        holders.setdefault(each.public_key, []).append(each)
    lines = (_line(key, theirs, origin) for key, theirs in holders.items())
    return "".join(f"{line}\n" for line in lines if line)


def _sound(key: Key) -> bool:
    """Whether it is a handle and a key, as commands record them: nothing that a line would read otherwise."""
    try:
        return is_name(key.stakeholder) and read(key.public_key).text == key.public_key
    except BadKey:
        return False


def _line(public_key: str, theirs: list[Key], origin: str) -> str:
    since = max(each.valid_from for each in theirs).replace(microsecond=0)
    ends = [each.ends_at for each in theirs if each.ends_at is not None]
    last = _last_second(min(ends)) if ends else None
    if last is not None and last <= since:
        return ""
    handles = ",".join(each.stakeholder for each in theirs)
    before = f',valid-before="{_stamp(last)}"' if last else ""
    return f'{handles} namespaces="{namespace(origin)}",valid-after="{_stamp(since)}"{before} {public_key}'


def _last_second(end: datetime) -> datetime:
    """The last whole second before the end: ssh-keygen takes the second that it is told for valid still."""
    whole = end.replace(microsecond=0)
    return whole if whole < end else whole - SECOND


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
