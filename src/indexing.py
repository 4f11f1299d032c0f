"""Indexing the texts of the log: each record is held against its leaf, and nothing is folded."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, NamedTuple

import orjson

from roadlog import failures
from roadlog.event_store.errors import Unreadable
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import EMPTY_LOG, Head, Row
from roadlog.event_store.vouching import before_in, vouched, vouched_apart
from roadlog.projections.cache import Cache
from roadlog.projections.database import CacheFailure
from roadlog.projections.search import Index
from roadlog.projections.texts import number_of, placed, texts_of, voided_by

BATCH = 2_000
"""Records taken between two writes, and two signs of progress: fewer are not worth a bar."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the last one."""
IsOurs = Callable[[int, str], bool]
"""Whether a position has that leaf in this history."""


class Told(NamedTuple):
    """What people wrote in a record: its texts by their places; when it took effect, in RFC 3339.

    voids: the position that it voids
    """

    position: int
    stream: str
    kind: str
    effective_at: str
    texts: tuple[tuple[int, str], ...]
    voids: int | None


def index_texts(cache: Cache, reader: Reader, head: Head, is_ours: IsOurs, progress: Progress) -> None:
    """Brings a cache's index up to the head. The caller holds the transaction.

    Raises Damaged; CacheFailure where the index is to blame.
    """
    index = Index(cache)
    mark = index.mark()
    if mark is None or not is_ours(mark.position, mark.leaf):
        index.make()
        position, texts, voids = 0, 0, []
    else:
        index.check(mark)
        position, texts, voids = mark.position, mark.texts, mark.voids
        if position >= head.position:
            return
    some: list[tuple[int, str]] = []
    for told in _all_told(reader, position, head.position):
        some += ((number_of(told.position, place), text) for place, text in told.texts)
        if told.voids is not None:
            voids.append([told.voids, told.position])
        if told.position % BATCH == 0:
            index.add(some)
            texts += len(some)
            some = []
            progress(told.position, head.position)
    index.add(some)
    index.set_mark(head.position, head.leaf, texts + len(some), voids)


def difference(fresh: Cache, kept: Cache, reader: Reader, is_ours: IsOurs) -> tuple[str, int] | None:
    """The first row of the index that is not what the records make it; None where there is no index.

    `fresh` is a cache of the same log without one. Raises CacheFailure.
    """
    theirs, ours = Index(kept), Index(fresh)
    mark = theirs.mark()
    if mark is None:
        return None
    if not is_ours(mark.position, mark.leaf):
        return "indexed", 1
    end = EMPTY_LOG._replace(position=mark.position, leaf=mark.leaf)
    index_texts(fresh, reader, end, is_ours, lambda _position, _head: None)
    made = ours.mark()
    for want, have in zip_longest(ours.terms(), theirs.terms()):
        if want != have:
            return "texts", placed(min(number for _, number in filter(None, (want, have))))[0]
    theirs.check(mark)
    same = made is not None and (made.texts, made.voids) == (mark.texts, mark.voids)
    return None if same else ("indexed", 1)


def counts(cache: Cache) -> dict[str, int]:
    """How many texts are indexed; nothing where none are, or where the index is damaged."""
    with suppress(CacheFailure):
        mark = Index(cache).mark()
        return {"texts": mark.texts} if mark else {}
    return {}


def apart(reader: Reader, positions: Sequence[int]) -> Iterator[Told]:
    """What was told at some positions, in order, each record held against its leaf. Raises Damaged."""
    due = iter(positions)
    with failures.in_our_words():
        for row in vouched_apart(reader.apart(positions)):
            if row[0] != (position := next(due)):
                raise failures.missing(position)
            yield _told(row, _body(row[3], row[5], position=row[0], stream=row[1]))
    if (rest := next(due, None)) is not None:
        raise failures.missing(rest)


def _all_told(reader: Reader, after: int, upto: int) -> Iterator[Told]:
    """What was told in every record above a position up to another. Raises Damaged where one is missing."""
    position = after
    with failures.in_our_words():
        for told in vouched(reader.rows(after, upto), _body, _told, before_in(lambda: reader)):
            position += 1
            if told.position != position:
                raise failures.missing(position)
            yield told
    if position < upto:
        raise failures.missing(position + 1)


def _body(kind: str, state: bytes, *, position: int, stream: str) -> dict[str, Any]:
    """A stored body, of which nothing but texts is looked at. Raises Unreadable."""
    try:
        body = orjson.loads(state)
        if isinstance(body, dict):
            return body
        why = "its body is no object"
    except ValueError as error:
        why = str(error)
    raise Unreadable(why, position=position, stream=stream, type_name=kind)


def _told(row: Row, body: dict[str, Any]) -> Told:
    position, stream, _, kind, *_ = row
    try:
        texts, voids = tuple(texts_of(kind, body)), voided_by(kind, body)
        return Told(position, stream, kind, str(body["effective_at"]), texts, voids)
    except (LookupError, TypeError, ValueError) as error:
        why = f"it has another shape ({error})"
        raise Unreadable(why, position=position, stream=stream, type_name=kind) from error
