"""Options of the command line, which messages name, by the names that the same values have on the web."""

import re
from collections.abc import Iterable, Mapping

OTHERS = {"sign": "signature", "reason": "because"}
"""What is called otherwise here."""
UNTOUCHED = r"(?<!\w)'[^'\n]*'|“[^”]*”|\broadlog [a-z][^\n]*"
"""What somebody wrote, and commands to type."""
OPTION = re.compile(rf"{UNTOUCHED}|(?<![\w-])--([a-z][a-z-]*)(?: [A-Z]+\b)?")


def in_text(message: str, joint: str = "-", labels: Mapping[str, str] | None = None) -> str:
    """A message with `--command-id` as “command-id”, or with `_` for a joint as in JSON; commands stay.

    labels: what such a name is called where people read it, where it is called otherwise
    """
    called = labels or {}

    def named(found: re.Match[str]) -> str:
        name = _name(found[1], joint) if found[1] else ""
        return f"“{called.get(name, name)}”" if name else found[0]

    return OPTION.sub(named, message)


def in_names(names: Iterable[str], joint: str = "-") -> tuple[str, ...]:
    """Names of what is missing, without the dashes in front of options."""
    return tuple(
        _name(each[2:], joint) if each.startswith("--") else OTHERS.get(each, each) for each in names
    )


def _name(option: str, joint: str) -> str:
    return OTHERS.get(option, option).replace("-", joint)
