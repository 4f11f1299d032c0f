"""A log's rules replayed, from its first record to the last that is asked for, on each core a share of it."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import pairwise, starmap
from typing import Any, NamedTuple

import msgspec

from roadlog import beside
from roadlog.beside import Beside, Cut, Send
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Share
from roadlog.verification.rules.across import judge_across
from roadlog.verification.rules.findings import MOST, Breach, Findings
from roadlog.verification.rules.initiatives import Gathered, Initiatives
from roadlog.verification.rules.roadmap import Roadmap

MANY = 4_000
"""From so many records on, another process takes less time than its start."""
OFTEN = 1_000
"""Records judged between two looks at how far others are."""
TENTHS = 10

Progress = Callable[[int, int], None]
"""Told how many records are judged, of how many."""


class Replayed(NamedTuple):
    """What came of it.

    judged: how many records; `imported` are those of which no rule is asked
    breaches: what breaks a rule, in log order
    """

    judged: int
    imported: int
    breaches: list[Breach]


NOTHING = Replayed(0, 0, [])


class _Share(NamedTuple):
    """What a share of the initiatives came to, as it is sent."""

    judged: int
    imported: int
    breaches: list[Breach]
    gathered: Gathered


def replay(path: str, size: int, progress: Progress | None = None) -> Replayed:
    """Judges a log's first records, so many of them, which must have been found whole.

    Raises the event store's errors where they cannot be read.
    """
    with Reader(path) as reader, reader.snapshot():
        first = next(reader.scan(upto=1), None)
        if first is None:
            return NOTHING
        findings = Findings(reader)
        roadmap = Roadmap(reader, first.stream, size, findings)
        shares = _judged(path, size, roadmap, progress or (lambda _done, _size: None))
        judge_across(reader, roadmap, [each.gathered for each in shares], findings)
    counts = findings.counts
    breaches = {*findings.breaches, *(breach for share in shares for breach in share.breaches)}
    return Replayed(
        judged=counts["judged"] + sum(each.judged for each in shares),
        imported=counts["imported"] + sum(each.imported for each in shares),
        breaches=sorted(breaches)[:MOST],
    )


def _judged(path: str, size: int, roadmap: Roadmap, progress: Progress) -> list[_Share]:
    """All initiatives: by a process on each core, or by this one alone where another did not do its share."""
    processes = beside.processes() if size >= MANY else 1
    judge = partial(_judge_share, path, size, roadmap)
    if processes > 1:
        ends = [TENTHS * number // processes for number in range(processes + 1)]
        mine, *theirs = starmap(Share, pairwise(ends))
        try:
            with ExitStack() as stack:
                others = [
                    _Other(stack.enter_context(Beside(partial(_send_share, judge, share))))
                    for share in theirs
                ]

                def tell(done: int) -> None:
                    progress(done + sum(each.look() for each in others), size)

                return [judge(mine, tell), *(each.share() for each in others)]
        except Cut:
            pass
    return [judge(Share(0, TENTHS), lambda done: progress(done, size))]


def _judge_share(path: str, size: int, roadmap: Roadmap, share: Share, tell: Callable[[int], None]) -> _Share:
    """Judges a share of the initiatives; tells now and then how many records are done."""
    with Reader(path) as reader, reader.snapshot():
        findings = Findings(reader)
        initiatives = Initiatives(reader, roadmap, findings)
        for done, _ in enumerate(initiatives.take(reader.share(share, size)), start=1):
            if done % OFTEN == 0:
                tell(done)
    counts = findings.counts
    return _Share(counts["judged"], counts["imported"], findings.breaches[:MOST], initiatives.gathered)


def _send_share(judge: Callable[..., _Share], share: Share, send: Send) -> None:
    send(msgspec.to_builtins(judge(share, send), str_keys=True))


class _Other:
    """What another process sends: numbers of records that it has done, at last its share."""

    def __init__(self, other: Beside) -> None:
        self._other = other
        self._done = 0
        self._share: _Share | None = None

    def look(self) -> int:
        """How many records it has judged by now."""
        while self._share is None and self._other.has_sent():
            self._receive()
        return self._done

    def share(self) -> _Share:
        """What its share came to. Raises Cut."""
        while self._share is None:
            self._receive()
        return self._share

    def _receive(self) -> None:
        message: Any = self._other.receive()
        if isinstance(message, int):
            self._done = message
        else:
            self._share = msgspec.convert(message, _Share, strict=False)
