"""Full text: the index over all texts that a cache keeps, what is asked of it, and what was found, ranked.

The index holds no text and is sealed whole: SQLite's FTS5 writes its blocks, and a CRC-32 over all of them
stands in the mark beside it. A text that is found is read again from its record.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple, Self
from zlib import crc32

import orjson

from roadlog.projections.cache import VERSION, Cache
from roadlog.projections.database import CacheFailure, Database, sealed, translated
from roadlog.projections.texts import number_of

TOKENIZER = "tokenize = 'unicode61 remove_diacritics 2'"
TEXTS, INDEXED = "texts", "indexed"
TABLES = {
    INDEXED: f"CREATE TABLE {INDEXED} (only INTEGER PRIMARY KEY CHECK (only = 1), mark TEXT)",
    TEXTS: f"CREATE VIRTUAL TABLE {TEXTS} USING fts5("
    f"text, content = '', detail = none, columnsize = 0, {TOKENIZER})",
}
"""Made by whoever searches first: who never searches has neither."""
BLOCKS = ("texts_data", "texts_idx", "texts_config")
"""What FTS5 keeps of an index without content: https://www.sqlite.org/fts5.html#fts5_data_structures."""
OPEN, CLOSE, CUT = "«", "»", "…"
"""Around each word that was found, and where a snippet leaves something out."""
SINGLE = str.maketrans({OPEN: "‹", CLOSE: "›"})
AROUND = 24
"""Words of a snippet, at most."""
LONGEST = 1_000
"""Characters that may be asked for."""
BEST = 1_000
"""Texts among which the best are sought: nobody reads more, and each has to be read again."""
PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Part(NamedTuple):
    """What must occur: words one after the other; where it is not `exact`, the last may go on."""

    words: tuple[str, ...]
    exact: bool


class Words(NamedTuple):
    """What is asked for. Every part must occur."""

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """What somebody typed: words, and in double quotes words that follow each other as they stand.

        The tokenizer says what a word is; all else parts words. Raises ValueError where there is none, or
        too much.
        """
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST:,} characters")
        typed = [(found[1] or found[2] or "", found[2] is None) for found in PART.finditer(text)]
        words = _tokens([each for each, _ in typed])
        parts = (Part(tuple(found), exact) for found, (_, exact) in zip(words, typed, strict=True) if found)
        if not (kept := tuple(dict.fromkeys(parts))):
            raise ValueError("holds no word to look for")
        return cls(kept)

    @property
    def in_any_order(self) -> bool:
        """Whether it is all the same where the words stand, so that such an index knows it."""
        return all(len(part.words) == 1 for part in self.parts)

    def anywhere(self, *, more: bool) -> str:
        """As a question to an index that knows which words a text has, not where they stand."""
        asked = dict.fromkeys(
            _quoted((word,), more=more and place == len(part.words) and not part.exact)
            for part in self.parts
            for place, word in enumerate(part.words, start=1)
        )
        return " AND ".join(asked)

    def in_order(self, *, more: bool) -> str:
        """As a question to an index that knows where words stand; `more`: last words may go on."""
        return " AND ".join(_quoted(part.words, more=more and not part.exact) for part in self.parts)


def _quoted(words: tuple[str, ...], *, more: bool) -> str:
    """Words in FTS5's syntax, of which nothing in them is a part."""
    return f'"{" ".join(words)}"' + " *" * more


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text, as the tokenizer makes them."""
    found: list[list[str]] = [[] for _ in texts]
    with translated(), closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE typed USING fts5(text, {TOKENIZER})")
        memory.execute("CREATE VIRTUAL TABLE words USING fts5vocab(typed, instance)")
        memory.executemany("INSERT INTO typed (rowid, text) VALUES (?, ?)", enumerate(texts))
        for place, word in memory.execute("SELECT doc, term FROM words ORDER BY doc, offset"):
            found[place].append(word)
    return found


class Mark(NamedTuple):
    """What an index stands at: the position indexed and its leaf.

    texts: how many there are
    voids: each position that was voided, with the position of the void
    seal: the CRC-32 of what FTS5 keeps
    """

    position: int
    leaf: str
    texts: int
    voids: list[list[int]]
    seal: int

    def voided(self, upto: int) -> set[int]:
        """What was void when the log held so many records."""
        return {position for position, by in self.voids if by <= upto}


class Index(Database):
    """The index in a cache. The caller holds the transaction."""

    def __init__(self, cache: Cache) -> None:
        super().__init__(cache.connection)

    def mark(self) -> Mark | None:
        """None where nothing of this version was indexed. Raises CacheFailure for one that is damaged."""
        shape: dict[str, str] = dict(
            self._ask("SELECT name, sql FROM sqlite_schema WHERE name IN (?, ?)", INDEXED, TEXTS)
        )
        if not shape:
            return None
        found = self._ask(f"SELECT mark FROM {INDEXED}")
        text = found[0][0] if found else None
        if not isinstance(text, str) or text != sealed(text[8:]):
            raise CacheFailure("the mark of the index is not what was put in")
        version, *mark = orjson.loads(text[8:])
        if version != VERSION:
            return None
        if shape != TABLES:
            raise CacheFailure("the index is of another shape")
        return Mark(*mark)

    def check(self, mark: Mark) -> None:
        """Raises CacheFailure where the index is not what was put in."""
        if self._seal() != mark.seal:
            raise CacheFailure("the index is not what was put in")

    def make(self) -> None:
        """An index of nothing, in place of any other."""
        for table, sql in TABLES.items():
            self._ask(f"DROP TABLE IF EXISTS {table}")
            self._ask(sql)

    def add(self, texts: Iterable[tuple[int, str]]) -> None:
        """Each (number, text)."""
        self._put(f"INSERT INTO {TEXTS} (rowid, text) VALUES (?, ?)", texts)

    def set_mark(self, position: int, leaf: str, texts: int, voids: list[list[int]]) -> None:
        """Says what was indexed, and seals it."""
        self._ask("SAVEPOINT written")  # at which FTS5 writes what it still held in memory
        self._ask("RELEASE written")
        mark = Mark(position, leaf, texts, voids, self._seal())
        text = sealed(orjson.dumps([VERSION, *mark]).decode())
        self._ask(f"INSERT OR REPLACE INTO {INDEXED} VALUES (1, ?)", text)

    def numbers(self, words: Words, upto: int, enough: int | None = None) -> list[int]:
        """The texts in which every word occurs, wherever, of the records up to a position.

        Those with the very words come first, and of these as of the others what was recorded last; no more
        than are enough.
        """
        asked = f"SELECT rowid FROM {TEXTS} WHERE {TEXTS} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
        most, found = -1 if enough is None else enough, dict[int, None]()
        for more in (False, True):
            if enough is None or len(found) < enough:
                numbers = self._ask(asked, words.anywhere(more=more), number_of(upto + 1, 0), most)
                found |= dict.fromkeys(number for (number,) in numbers)
        return list(found)

    def terms(self) -> Iterator[tuple[str, int]]:
        """Every word with the number of each text that has it, in a fixed order."""
        with translated():
            self.connection.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab(main, {TEXTS}, instance)"
            )
            yield from self.connection.execute("SELECT term, doc FROM temp.terms")

    def _seal(self) -> int:
        seal = 0
        with translated():
            for table in BLOCKS:
                for *rest, last in self.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                    block = last if isinstance(last, bytes) else repr(last).encode()
                    seal = crc32(block, crc32(repr(rest).encode(), seal))
        return seal


class Found(Database):
    """Texts that were found, in memory: ranked among each other alone, so that later ones change nothing."""

    def __init__(self, words: Words) -> None:
        self._words = words
        super().__init__(sqlite3.connect(":memory:", isolation_level=None))
        self._ask(f"CREATE VIRTUAL TABLE found USING fts5(text, {TOKENIZER})")
        self._ask("BEGIN")  # one transaction: each of its own would cost ten times the text

    def close(self) -> None:
        self.connection.close()

    def add(self, texts: Iterable[tuple[int, str]]) -> None:
        """Each (number, text). The marks are ours alone: a writer's own are shown as single ones."""
        marked = ((number, text.translate(SINGLE)) for number, text in texts)
        self._put("INSERT INTO found (rowid, text) VALUES (?, ?)", marked)

    def count(self) -> int:
        """How many of the texts are what is asked for."""
        return len(self._ask("SELECT rowid FROM found WHERE found MATCH ?", self._words.in_order(more=True)))

    def best(self, count: int) -> list[tuple[int, str]]:
        """The numbers of the best texts with a snippet of each, best first; at most so many.

        Texts with the very words come before those in which a word goes on; then FTS5's bm25 orders them, and
        what was recorded last comes first. https://www.sqlite.org/fts5.html#the_bm25_function
        """
        very, more = self._words.in_order(more=False), self._words.in_order(more=True)
        exact = {number for (number,) in self._ask("SELECT rowid FROM found WHERE found MATCH ?", very)}
        ranked = self._ask("SELECT rowid, bm25(found) FROM found WHERE found MATCH ?", more)
        ranked.sort(key=lambda each: (each[0] not in exact, each[1], -each[0]))
        chosen = [number for number, _ in ranked[:count]]
        snippets = self._ask(
            "SELECT rowid, snippet(found, 0, ?, ?, ?, ?) FROM found"
            " WHERE found MATCH ? AND +rowid IN (SELECT value FROM json_each(?))",
            *(OPEN, CLOSE, CUT, AROUND, more, orjson.dumps(chosen).decode()),
        )
        by_number: dict[int, str] = dict(snippets)
        return [(number, by_number[number]) for number in chosen]
