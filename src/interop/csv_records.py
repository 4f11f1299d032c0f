"""The records of a CSV file (RFC 4180) with the line each begins on, also behind a record that is broken."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import TextIOWrapper

LINE_CHARACTERS = 1024 * 1024
"""An import line's bound; a record with line breaks in quotes counts as one line."""
DELIMITERS = ",;\t|"
QUOTED = re.compile(r'"[^"]*"')


class Broken(Exception):
    """A record that cannot be read; the next one begins on the next line."""


class Records:
    """Rows of fields. `line` is where the last row, or the broken record, began; the first line is 1."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._lines = _Lines(text)
        csv.field_size_limit(LINE_CHARACTERS)
        self._rows = csv.reader(self._lines, delimiter=self._lines.delimiter(), strict=True)
        self.line = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        """The next row; an empty list for an empty line. Raises Broken, after which it can be asked on."""
        try:
            row = next(self._rows)
        except (csv.Error, _TooLong) as error:
            self.line = self._lines.gave_up()
            raise Broken(f"it is no record of a CSV file: {error}") from error
        self.line = self._lines.made_a_row()
        return row


class _TooLong(Exception):
    """A record goes on for longer than any import line may."""

    def __str__(self) -> str:
        return f"it goes on for more than {LINE_CHARACTERS:,} characters (is a quotation mark never closed?)"


class _Lines:
    """The lines that the CSV reader takes, kept until they have made a row.

    A quotation mark that is never closed would swallow the rest of the file. So when a record breaks, only
    its first line is given up, and the lines taken after it are read again.
    """

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0
        self._number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LINE_CHARACTERS + 1)
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._size += len(line)
        if self._size > LINE_CHARACTERS:
            if len(line) > LINE_CHARACTERS:
                self._pass_over(line)
            raise _TooLong
        return line

    def delimiter(self) -> str:
        """The one that stands most often in the first line, outside quotation marks."""
        first = self._text.readline(LINE_CHARACTERS + 1)
        if first:
            self._again.append(first)
        bare = QUOTED.sub("", first)
        return max(DELIMITERS, key=bare.count)

    def made_a_row(self) -> int:
        """Its first line's number."""
        began = self._number
        self._number += len(self._taken)
        self._taken.clear()
        self._size = 0
        return began

    def gave_up(self) -> int:
        """The number of the line given up."""
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self.made_a_row()

    def _pass_over(self, line: str) -> None:
        """The rest of a line that is too long, piece by piece."""
        while line and not line.endswith("\n"):
            line = self._text.readline(LINE_CHARACTERS)
