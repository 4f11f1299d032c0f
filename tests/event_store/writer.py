"""A process that appends to a shared stream and its own, and acknowledges each command that is durable."""

import sys
from datetime import UTC, datetime
from time import sleep

from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark
from tests.event_store.samples import CODEC, Record, make_record, noted


def main(path: str, own: str, count: str, *flags: str) -> None:
    """Append `count` commands of two records each; deciding again after a conflict."""
    with Log.open(path, CODEC, make_record, lambda: datetime.now(UTC), lock_timeout=60) as log:
        for number in range(int(count)):
            command = f"{own}:{number}"
            if "--too-early" in flags:
                acknowledge(command)
                sleep(0.005)  # most of an append is waiting for the disk, when its bytes are written already
            while not tried(log, own, number, command):
                pass
            if "--too-early" not in flags:
                acknowledge(command)


def tried(log: Log[Record], own: str, version: int, command: str) -> bool:
    """Whether nobody else recorded to the shared stream first."""
    shared = log.load("shared", lambda _, records: sum(1 for _ in records)) or 0
    new = [New(own, "Noted", noted("x", command)), New("shared", "Noted", noted("y", command))]
    try:
        log.append(new, expected={own: version, "shared": shared}, command=CommandMark(command, own))
    except VersionConflict:
        return False
    return True


def acknowledge(command: str) -> None:
    sys.stdout.write(f"{command}.\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
