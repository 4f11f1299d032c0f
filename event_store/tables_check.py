"""The tables beside the records, tree nodes and commands, held against the records as they stream by."""

from collections.abc import Iterator
from itertools import chain, islice

from roadlog.event_store.merkle import grow, kept, node_hash, root
from roadlog.event_store.records import CommandResult
from roadlog.event_store.report import Problem, Verdict

MAX_GAP = 4096
"""Missing positions bridged in the tree; beyond that its nodes are compared no more."""
CHUNK = 1024
"""Leaves whose nodes are compared at once."""
_NO_LEAF = bytes(32)


class TreeCheck:
    """Builds the tree again, leaf by leaf, and compares every node that becomes complete with the kept one.

    As long as all is well, whole chunks are compared at once. From the first difference on, every node
    carries whether it is sound: where a leaf or a node already differs, the nodes above it are not reported
    again.
    """

    def __init__(self, nodes: Iterator[tuple[int, bytes]]) -> None:
        self.problems: list[Problem] = []
        self.checked = 0
        self._nodes = nodes
        self._chunk: list[str] = []
        self._peaks: list[bytes] = []
        self._size = 0
        self._slow: _NodeByNode | None = None

    def add(self, leaf: str, *, sound: bool) -> None:
        """The next leaf (hex); `sound` says that it equals the one stored with its record."""
        if self._slow is None and sound:
            self._chunk.append(leaf)
            if len(self._chunk) == CHUNK:
                self._compare_chunk()
        else:
            self._one_by_one().add(bytes.fromhex(leaf), sound=sound)

    def skip(self, count: int) -> None:
        """So many records are not there; what they are part of cannot be compared."""
        slow = self._one_by_one()
        slow.lost = slow.lost or count > MAX_GAP
        for _ in range(min(count, MAX_GAP)):
            slow.add(_NO_LEAF, sound=False)

    def finish(self) -> bytes:
        """The root, when everything has streamed by; notes what is left over, or was not there."""
        self._compare_chunk()
        if self._slow is None:
            left_over = next(self._nodes, None)
            if left_over is None:
                return root(self._peaks)
            self._slow = _NodeByNode(self._size, self._peaks, chain([left_over], self._nodes))
        self._slow.finish()
        self.problems = self._slow.problems
        self.checked += self._slow.checked
        return root([node for node, _ in self._slow.stack])

    def vouches_for(self, position: int) -> bool:
        """Whether a kept node says that this record was there when the log was written."""
        return self._slow is None and (position < self._size or self._size % 2 == 0)

    def _compare_chunk(self) -> None:
        if self._slow is not None or not self._chunk:
            return
        stack = list(self._peaks)
        nodes = grow(self._size, stack, map(bytes.fromhex, self._chunk))
        stored = list(islice(self._nodes, len(nodes)))
        if nodes != stored:
            self._one_by_one(stored)
            return
        self.checked += len(stored)
        self._size += len(self._chunk)
        self._peaks = stack
        self._chunk = []

    def _one_by_one(self, stored: list[tuple[int, bytes]] | None = None) -> "_NodeByNode":
        """The slow way from here on, beginning with the chunk at hand."""
        if self._slow is None:
            self._slow = _NodeByNode(self._size, self._peaks, chain(stored or [], self._nodes))
            for leaf in self._chunk:
                self._slow.add(bytes.fromhex(leaf), sound=True)
        return self._slow


class _NodeByNode:
    """The comparison that knows what is wrong."""

    def __init__(self, size: int, peak_hashes: list[bytes], nodes: Iterator[tuple[int, bytes]]) -> None:
        self.problems: list[Problem] = []
        self.checked = 0
        self.lost = False
        self.stack = [(node, True) for node in peak_hashes]
        self._size = size
        self._number = kept(size)
        self._nodes = nodes
        self._kept = next(nodes, None)
        self._absent: list[int] = []
        self._absent_at_end = 0

    def add(self, leaf: bytes, *, sound: bool) -> None:
        node = leaf
        ones = self._size
        self._size += 1
        while ones & 1:
            left, left_sound = self.stack.pop()
            node = node_hash(left, node)
            sound = self._compare(node, sound=sound and left_sound)
            ones >>= 1
        self.stack.append((node, sound))

    def finish(self) -> None:
        if self.lost:
            return
        if self._kept is not None:
            self._problem("truncated", self._size + 1, "no further tree node", f"node {self._kept[0]}")
        if self._absent:
            at_end = len(self._absent) == self._absent_at_end
            what = f"{len(self._absent)} more tree node(s)"
            self._problem("torn" if at_end else "missing", self._absent[0], what, None)

    def _compare(self, node: bytes, *, sound: bool) -> bool:
        self._number += 1
        stored = self._kept
        while stored is not None and stored[0] < self._number:
            self._problem("inserted", self._size, "no such tree node", f"node {stored[0]}")
            stored = next(self._nodes, None)
        self._kept = stored
        if stored is None or stored[0] != self._number:
            self._absent.append(self._size)
            self._absent_at_end += 1
            return sound
        self._absent_at_end = 0
        self._kept = next(self._nodes, None)
        self.checked += 1
        if sound and stored[1] != node and not self.lost:
            self._problem("altered", self._size, f"tree node {stored[0]} {node.hex()}", _hex(stored[1]))
            return False
        return sound

    def _problem(self, verdict: Verdict, position: int, expected: str, found: str | None) -> None:
        self.problems.append(Problem(verdict=verdict, position=position, expected=expected, found=found))


def _hex(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else repr(value)


class CommandCheck:
    """Finds for every record the one command that recorded it."""

    def __init__(self, commands: Iterator[CommandResult]) -> None:
        self.problems: list[Problem] = []
        self.checked = 0
        self.uncovered: list[int] = []
        self._commands = commands
        self.upto = 0
        self._first = 0
        self._id: str | None = None
        self._advance()

    def at(self, position: int) -> str | None:
        """The id of the command that recorded this position; None when none did."""
        while self.upto < position and self._id is not None:
            self._advance()
        if self._id is not None and self._first <= position:
            return self._id
        self.uncovered.append(position)
        return None

    def finish(self, size: int) -> None:
        """Everything has streamed by: did commands record more?"""
        while self._id is not None:
            if self.upto > size:
                position = max(self._first, size + 1)
                self._problem("truncated", position, f"the records of command {self._id}", None)
                return
            self._advance()

    def _advance(self) -> None:
        """On to the next command that recorded something; no id when there is none."""
        for command in self._commands:
            self.checked += 1
            first, last = command.first, command.last
            if first is None and last is None:
                continue
            if not isinstance(first, int) or not isinstance(last, int):
                self._problem("altered", self.upto + 1, "a first and a last position", repr(command))
                continue
            if not self.upto < first <= last:
                after = f"positions after {self.upto}" if self.upto else "positions from 1"
                self._problem("altered", first, after, f"command {command.id}: {first} to {last}")
            if not first <= last or last <= self.upto:
                continue
            self._id, self._first, self.upto = command.id, max(first, self.upto + 1), last
            return
        self._id = None

    def _problem(self, verdict: Verdict, position: int, expected: str, found: str | None) -> None:
        self.problems.append(Problem(verdict=verdict, position=position, expected=expected, found=found))
