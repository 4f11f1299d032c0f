"""What somebody does to the files of a pack, drawn from a seed."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

from tests.hostile_bytes import changed

MARK = "another value comes here"
LONG = 300_000
"""Bytes that a file may get more, for a check to take no time."""
Files = dict[str, bytes]
Change = Callable[[Random, Files, Files], None]

SUMS, HEADERS, RECORDS, NOTE = "SHA256SUMS", "headers.txt", "records.jsonl", "checkpoint.note"
READ = (HEADERS, RECORDS, NOTE)
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+|true|false|null')
"""A value, or a name, of JSON."""
VALUES = (
    *(b"null", b"true", b"[]", b"{}", b"0", b"-1", b"1.0", b"1e999", b"NaN", b"-Infinity", b'""', b'"-"'),
    *(b"9" * 5_000, b"[" * 99 + b"]" * 99, b"[" * 100_000, b'{"a":1,"a":2}', b'{"stakeholder":[]}'),
    *(b'"\\ud800"', b'"\\u0000"', b'"\\u2028"', b'"' + b"A" * 4_000 + b'"', b'["x"]', b'"*"', b'"a b"', b""),
)
WORDS = (
    *(
        b"",
        b"-1",
        b"0",
        b"1",
        b"+18",
        b" 18",
        b"1_8",
        "\u0661\u0668".encode(),
        b"1e3",
        b"9" * 5_000,
        b"-",
        b"x",
    ),
    *(
        b"\0",
        b"\xff",
        b"\xe2\x80\xa8",
        b"\r",
        b"A" * 4_000,
        b"AAAA",
        b"====",
        b"../headers.txt",
        b"/dev/zero",
    ),
)
LINES = (
    *(each + b"\n" for each in VALUES),
    b"\n",
    b"\r\n",
    b"\n\n",
    b'{"position":1,"bytes":"e30="}\n',
    b" " * 9_000,
)
NAMES = (
    *("anchors/9.note", "anchors/9.tsr", "approvals/1.txt", "9.note", "9.tsr", "deep/er/file", ".DS_Store"),
    *("x  y", "x\ny", "é", "\x1b[2J", "Thumbs.db", "approvals.txt", "verify.note", "anchors/2.NOTE"),
)


def any_name(chance: Random, files: Files) -> str:
    """One of a file, of those that are read more often."""
    return chance.choice([*files, *(each for each in READ * 4 if each in files)])


def some_bytes(chance: Random, files: Files, _: Files) -> None:
    name = any_name(chance, files)
    files[name] = changed(files[name], chance.randrange(2**62))


def a_bit(chance: Random, files: Files, _: Files) -> None:
    name = any_name(chance, files)
    if files[name]:
        made = bytearray(files[name])
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
        files[name] = bytes(made)


def lines(chance: Random, files: Files, others: Files) -> None:
    """Left out, twice, in another order, cut off, put in; eight at a time are a header."""
    name = any_name(chance, files)
    found, many = files[name].splitlines(keepends=True), chance.choice([1, 8])
    at, to = (many * chance.randint(0, len(found) // many) for _ in range(2))
    part = found[at : at + many]
    theirs = others.get(name, b"").splitlines(keepends=True)
    strange = [chance.choice(theirs)] if theirs else []
    made = chance.choice(
        [
            found[:at] + found[at + many :],
            found[:at] + part + found[at:],
            found[:to] + part + found[to:],
            (found[:at] + found[at + many :])[:to] + part + (found[:at] + found[at + many :])[to:],
            found[:at],
            found[at:],
            [*found[:at], chance.choice(LINES), *found[at:]],
            [*found[:at], chance.choice(LINES), *found[at + many :]],
            found[:at] + strange + found[to:],
        ]
    )
    files[name] = b"".join(made)


def a_value(chance: Random, files: Files, _: Files) -> None:
    if RECORDS in files:
        files[RECORDS] = with_value(chance, files[RECORDS])


def with_value(chance: Random, content: bytes) -> bytes:
    """With another value of JSON in the place of one, or a name that is there twice."""
    found = [each.span() for each in TOKEN.finditer(content)]
    if not found:
        return content
    start, end = chance.choice(found)
    put = chance.choice([*VALUES, content[slice(*chance.choice(found))]])
    return content[:start] + put + content[end:]


def with_field(chance: Random, content: bytes) -> bytes:
    """With another value of one that verify.py may ask for by its name, or somewhere."""
    try:
        body = json.loads(content)
    except (RecursionError, ValueError):
        return with_value(chance, content)
    places = [(body, each) for each in body] if isinstance(body, dict) else []
    inside = [each for each in body.values() if isinstance(each, dict)] if places else []
    places += [(each, name) for each in inside for name in each]
    if not places or not chance.randrange(4):
        return with_value(chance, content)
    holder, name = chance.choice(places)
    holder[name] = MARK
    return json.dumps(body).encode().replace(json.dumps(MARK).encode(), chance.choice(VALUES))


def a_word(chance: Random, files: Files, _: Files) -> None:
    """A field of a header, a note, a text: a number, a name, a hash."""
    name = any_name(chance, files)
    found = [each.span() for each in re.finditer(rb"[^ \n]+", files[name])]
    if found:
        start, end = chance.choice(found)
        files[name] = files[name][:start] + chance.choice(WORDS) + files[name][end:]


def what_base64_says(chance: Random, files: Files, _: Files) -> None:
    name = any_name(chance, files)
    found = [each.span() for each in re.finditer(rb"[A-Za-z0-9+/]{24,}={0,2}", files[name])]
    if found:
        start, end = chance.choice(found)
        blob = b64decode(files[name][start : end - (end - start) % 4])
        put = b64encode(changed(blob, chance.randrange(2**62)))
        files[name] = files[name][:start] + put + files[name][end:]


def a_file(chance: Random, files: Files, others: Files) -> None:
    """Left out, renamed, twice, in another's place, of another pack, empty, very long."""
    name, second = any_name(chance, files), any_name(chance, files)
    content = files[name]
    match chance.randrange(7):
        case 0:
            del files[name]
        case 1:
            files[chance.choice(NAMES)] = files.pop(name)
        case 2:
            files[chance.choice(NAMES)] = content
        case 3:
            files[name], files[second] = files[second], content
        case 4:
            files[name] = others.get(name, b"")
        case 5:
            files[name] = b""
        case _:
            more = chance.choice([b"\n", b" ", b"A", b"\0", content or b"0"])
            files[name] = content + more * chance.choice([1, 9, 1 + LONG // len(more)])


CHANGES: tuple[Change, ...] = (some_bytes, a_bit, lines, lines, a_value, a_word, what_base64_says, a_file)


def summed(files: Files) -> Files:
    """With the sums that are due."""
    made = [f"{sha256(files[each]).hexdigest()}  {each}\n" for each in sorted(files) if each != SUMS]
    return {**files, SUMS: "".join(made).encode()}


def tampered(whole: Files, others: Files, seed: int) -> Files:
    """With up to three changes; mostly with the sums made again, as who changes a file can."""
    chance, files = Random(seed), dict(whole)
    del files[SUMS]
    for _ in range(chance.randint(0, 3)):
        if files:
            chance.choice(CHANGES)(chance, files, others)
    if chance.randrange(8):
        files = summed(files)
    else:
        files[SUMS] = whole[SUMS]
    if not chance.randrange(8):
        only = {SUMS: files.pop(SUMS)}
        chance.choice([some_bytes, a_bit, lines, a_word])(chance, only, others)
        files |= only
    return files


def contents(files: Files) -> dict[int, bytes]:
    """The stored bytes, by position. Raises where a line is none that roadlog writes."""
    found = {}
    for line in files[RECORDS].splitlines():
        said: dict[str, Any] = json.loads(line)
        found[int(said["position"])] = b64decode(said["bytes"], validate=True)
    return found
