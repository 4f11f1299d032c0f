"""The answers of Jira that a file holds: a page of a search, an issue, a page of a changelog, or an array."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from msgspec import DecodeError, Raw, Struct, ValidationError
from msgspec.json import Decoder

from roadlog.domain.limits import is_control
from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine
from roadlog.interop.jira_shapes import Changelog, Count, History, Issue
from roadlog.interop.other_formats import HEAD, check_is_text
from roadlog.interop.written import Unreadable

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}-[0-9]{1,18}", re.ASCII)
"""An issue's key: the project's, and a number."""
OF_ISSUE = re.compile(rf"/issue/({KEY.pattern})/changelog", re.ASCII)
HALF = "\ufdd0"
"""What a lone surrogate, half of a character, is read as: no character, and as long when it is escaped."""
ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F]..)|\\.", re.DOTALL)
DEEPEST = 8
"""Arrays in arrays that may hold answers."""
BEGINNING = 256
"""As many bytes of an issue are enough to find it again in its file."""
SEARCH = "a search with fields=summary,status,created,creator and expand=changelog"
"""What to ask Jira for."""
NOT_ASKED_FOR = f"it is missing; Jira gives it with {SEARCH}"

T = TypeVar("T")


class Part(NamedTuple):
    """An issue on a line of a file; whether its histories are documented to come oldest first."""

    line: int
    key: str
    issue: Issue
    oldest_first: bool


class Page(NamedTuple):
    """A page of a search: how many issues Jira found (None: not said), and whether another page follows."""

    total: int | None
    more: bool


class _Answer(Struct, frozen=True, rename="camel"):
    """What tells the answers apart; empty where it is not there."""

    issues: Raw = Raw()
    values: Raw = Raw()
    key: Raw = Raw()
    fields: Raw = Raw()
    changelog: Raw = Raw()
    self: Any = None
    total: Count | None = None
    start_at: Count | None = None
    is_last: bool | None = None
    next_page_token: str | None = None
    message: Any = None
    error_messages: Any = None
    errors: Any = None

    def said(self) -> str:
        """What Jira says is wrong; "" where it says nothing."""
        listed = self.error_messages if isinstance(self.error_messages, list) else [self.error_messages]
        fields = self.errors.values() if isinstance(self.errors, dict) else ()
        return " ".join(each for each in (self.message, *listed, *fields) if each and isinstance(each, str))


_ANY = Decoder(Raw)
_ARRAY = Decoder(list[Raw])
_ANSWER = Decoder(_Answer)
_ISSUE = Decoder(Issue)
_HISTORIES = Decoder(list[History])
_TEXT = Decoder(str)


def decoded(decoder: Decoder[T], raw: Raw, path: str = "") -> T:
    """What stands at this path of an issue. Raises Unreadable, naming the path of what is wrong in it."""
    try:
        return decoder.decode(raw)
    except UnicodeDecodeError:
        raise Unreadable(path, "it holds bytes that are no UTF-8 text") from None
    except (ValidationError, RecursionError) as error:
        why, _, place = str(error).partition(" - at `$")
        field = f"{path}{place.rstrip('`')}".removeprefix(".")
        raise Unreadable(field, f"{why[:1].lower()}{why[1:]}".replace("`", "")) from None


def whole(field: str, value: str) -> str:
    """The text, a blank for each control character: Jira takes them from mails and forms, and shows none.

    Raises Unreadable where it holds half of a character.
    """
    if HALF in value:
        raise Unreadable(field, f"it holds a lone surrogate at place {value.index(HALF) + 1}")
    if value.isprintable():  # the quick answer for most
        return value
    return "".join(" " if is_control(each) else each for each in value)


def answers(file: str, content: bytes) -> Iterator[Part | Page | BadLine]:
    """The issues of a file in its order, and the pages on which they stand.

    Raises Malformed for what is no JSON, and for an answer without issues, such as an error of Jira.
    """
    check_is_text(file, content[:HEAD])
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content or content.isspace():
        raise Malformed("import", f"{file} is empty.")
    try:
        answer = _ANY.decode(content)
    except (DecodeError, RecursionError):
        content = ESCAPE.sub(lambda found: b"\\ufdd0" if found["half"] else found[0], content)
        answer = _checked(file, content)
    yield from _File(file, content).document(answer, "")


def _checked(file: str, content: bytes) -> Raw:
    """The file's JSON (RFC 8259). Raises Malformed with the line and the byte (from 1) where it is none."""
    try:
        return _ANY.decode(content)
    except RecursionError:
        raise Malformed("import", f"{file}: it is nested too deeply.") from None
    except DecodeError as error:
        found = re.fullmatch(r"JSON is malformed: (.*) \(byte (\d+)\)", str(error))
        said, byte = (found[1], int(found[2]) + 1) if found else ("it ends too early", len(content))
        why = f"it is no JSON: {said}"
        if said == "trailing characters":
            byte -= 1  # it is counted as read
            if content[byte - 1 : byte] in (b"{", b"["):
                why = "several JSON values in one file: give a page each, or an array of them"
        line = content.count(b"\n", 0, byte - 1) + 1
        raise Malformed("import", f"{file}, line {line}, byte {byte}: {why}.") from None


class _File:
    """A file's answers, one after another; its lines are counted as they are passed."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._content = content
        self._line = 1
        self._counted = 0
        self._passed = 0

    def document(self, raw: Raw, path: str) -> Iterator[Part | Page | BadLine]:
        """What one answer holds, or an array of them."""
        match bytes(memoryview(raw)[:1]):
            case b"[" if path.count("[") < DEEPEST:
                for number, each in enumerate(_ARRAY.decode(raw)):
                    yield from self.document(each, f"{path}[{number}]")
            case b"{":
                yield from self._answer(raw, path)
            case _:
                yield self._bad(raw, path, "", "it is no issue")

    def _answer(self, raw: Raw, path: str) -> Iterator[Part | Page | BadLine]:
        try:
            answer = decoded(_ANSWER, raw)
            if memoryview(answer.issues):
                yield Page(answer.total, bool(answer.next_page_token) or answer.is_last is False)
                issues = decoded(_ARRAY, answer.issues, "issues")
                for number, each in enumerate(issues):
                    yield self._issue(each, f"{path}.issues[{number}]".removeprefix("."))
            elif memoryview(answer.values):
                yield self._changelog(raw, path, answer)
            elif any(map(memoryview, (answer.key, answer.fields, answer.changelog))):
                yield self._issue(raw, path)
            elif path:
                said = answer.said()
                yield self._bad(raw, path, "", f"Jira said: {said}") if said else self._issue(raw, path)
            else:
                raise self._without_issues(answer)
        except Unreadable as error:
            yield self._bad(raw, path, error.field, str(error))

    def _issue(self, raw: Raw, path: str) -> Part | BadLine:
        try:
            issue = decoded(_ISSUE, raw)
        except Unreadable as error:
            return self._bad(raw, _key(raw) or path, error.field, str(error))
        if issue.key is None or not KEY.fullmatch(issue.key):
            why = NOT_ASKED_FOR if issue.key is None else "it is no issue's key"
            return self._bad(raw, path, "key", why)
        return Part(self._line_of(raw), issue.key, issue, oldest_first=False)

    def _changelog(self, raw: Raw, path: str, answer: _Answer) -> Part | BadLine:
        """A page of one issue's changelog (`/issue/KEY/changelog`): its own address names the issue."""
        found = OF_ISSUE.search(answer.self) if isinstance(answer.self, str) else None
        if found is None:
            why = (
                "it names no issue by its key, as https://example.com/rest/api/3/issue/DEMO-4/changelog does"
            )
            return self._bad(raw, path, "self", why)
        histories = decoded(_HISTORIES, answer.values, "values")
        changelog = Changelog(start_at=answer.start_at, total=answer.total, histories=histories)
        issue = Issue(key=found[1], changelog=changelog)
        return Part(self._line_of(raw), found[1], issue, oldest_first=True)

    def _bad(self, raw: Raw, name: str, field: str, why: str) -> BadLine:
        """`name` is the issue's key, or else its place in the file."""
        where = ".".join(each for each in (name, field) if each)
        return BadLine(file=self._name, line=self._line_of(raw), field=where or "the answer", why=why)

    def _line_of(self, raw: Raw) -> int:
        """The line on which this begins. It is asked for in the file's order."""
        seen = memoryview(raw)
        place = self._content.find(bytes(seen[:BEGINNING]), self._passed)
        if place >= 0:
            self._line += self._content.count(b"\n", self._counted, place)
            self._counted, self._passed = place, place + len(seen)
        return self._line

    def _without_issues(self, answer: _Answer) -> Malformed:
        said = f" Jira said: {answer.said()}" if answer.said() else ""
        return Malformed("import", f"{self._name} holds no answer of Jira with issues in it.{said}")


def _key(raw: Raw) -> str | None:
    """The key of an issue that cannot be read; None where that cannot be read either."""
    try:
        key = _TEXT.decode(_ANSWER.decode(raw).key)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return key if KEY.fullmatch(key) else None
