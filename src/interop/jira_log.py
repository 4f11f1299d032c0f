"""A log of Jira's answers: every issue is a case, its creation and each change of its status a line."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import assert_never

from roadlog.interop.claims import BadLine, Claim, Format, Line, Log, Passed, Truncated
from roadlog.interop.files import readable
from roadlog.interop.jira_accounts import Accounts
from roadlog.interop.jira_answers import KEY, Page, Part, answers
from roadlog.interop.jira_history import Issue
from roadlog.interop.jira_parts import Parts, Reader
from roadlog.interop.written import Unreadable

JIRA = Format(name="jira", unit="issue", activity="status", keyed=True)


def log(paths: Sequence[Path], *, now: datetime, zone: tzinfo = UTC) -> Log:
    """The files as one log."""

    def claims(passed: Passed) -> Iterator[Claim]:
        return read(paths, now=now, zone=zone, passed=passed)

    return Log(form=JIRA, paths=tuple(paths), zone=zone, claims=claims)


def read(
    paths: Sequence[Path], *, now: datetime, zone: tzinfo = UTC, passed: Passed = lambda _file, _place: None
) -> Iterator[Claim]:
    """The issues of all files in the order of their keys, whatever the order of pages, issues and histories.

    An issue that stands in several places is put together of all of them. One file is in memory at a time.
    Raises Malformed for a file that cannot be read, is no JSON, or holds no answer of Jira.
    """
    reader, search = Reader(now, zone), _Search()
    with Parts() as parts:
        for file, path in enumerate(paths):
            for answer in _kept(path, file, parts, reader):
                search.add(answer)
                if isinstance(answer, BadLine):
                    yield answer
            passed(file, path.stat().st_size)
        yield from _issues(paths, parts, reader.accounts)
        yield from search.truncated(parts.keys())


def _kept(path: Path, file: int, parts: Parts, reader: Reader) -> Iterator[Page | BadLine]:
    """Keeps what a file says of issues; gives the pages that it says it is, and what cannot be read."""
    with readable(path):
        content = path.read_bytes()
    for answer in answers(path.name, content):
        if isinstance(answer, Part):
            try:
                parts.add(answer.key, reader.known(answer, file))
            except Unreadable as error:
                yield _bad(path, answer.line, answer.key, error)
        else:
            yield answer


def _issues(paths: Sequence[Path], parts: Parts, accounts: Accounts) -> Iterator[Claim]:
    for key, known in parts.issues():
        try:
            issue = Issue(key, known)
            stays, truncated = issue.history()
        except Unreadable as error:
            yield _bad(paths[known[0].file], known[0].line, key, error)
            continue
        for stay in stays:
            yield Line(
                number=stay.history,
                case=key,
                activity=stay.status.name,
                at=stay.at,
                actor=accounts.name(stay.author),
                by_system=accounts.is_app(stay.author),
                file=stay.file,
                title=issue.title,
                local=stay.local,
            )
        if truncated is not None:
            yield truncated


def _bad(path: Path, line: int, key: str, error: Unreadable) -> BadLine:
    return BadLine(file=path.name, line=line, field=f"{key}.{error.field}", why=str(error))


class _Search:
    """What the pages say of the search that they belong to."""

    def __init__(self) -> None:
        self._total = 0
        self._follows: list[bool] = []
        self._unread: set[str] = set()

    def add(self, answer: Page | BadLine) -> None:
        """A page of it, or an issue that it found and that cannot be read."""
        match answer:
            case Page(total=total, more=more):
                self._total = max(self._total, total or 0)
                self._follows.append(more)
            case BadLine(file=file, field=field):
                key = field.partition(".")[0]
                self._unread.add(key if KEY.fullmatch(key) else f"{file} {field}")
            case _:
                assert_never(answer)

    def truncated(self, keys: set[str]) -> Iterator[Truncated]:
        """What is missing of it, where the pages say that something is."""
        held = len(keys | self._unread)
        if held < self._total:
            why = f"Jira found {self._total:,} issues, of which {held:,} are here"
            yield Truncated(case=None, why=why)
        elif self._follows and all(self._follows):
            yield Truncated(case=None, why="every page says that another one follows, so the last is missing")
