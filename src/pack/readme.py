"""The pack's README: what each file is, how to check it all, and what that does not show."""

from textwrap import fill

from roadlog.pack.front import CANNOT_PROVE, CHECK, GIVEN, period
from roadlog.pack.integrity import command
from roadlog.pack.log import Written
from roadlog.pack.told import Told
from roadlog.visible import plain

WIDE = 96
KEYS = (
    "Where the log changed its key, any key that it ever had will do as log.pub: records lead from one to "
    "the next."
)
TOOL = (
    "The same holds for verify.py. It is one file of Python, short enough to read, and the same in every "
    "pack of one version of roadlog. Without it, sha256sum --check SHA256SUMS shows whether the files are "
    "those that were handed over."
)


def readme(told: Told, log: Written, files: dict[str, str]) -> str:
    """A text for whoever opens the folder."""
    widest = max(map(len, files))
    scope = told.scope
    parts = (
        f"EVIDENCE PACK OF {scope.name}",
        f"{plain(scope.roadmap.name)}, {period(told)}. Log {log.origin}, {log.size} records.",
        "Begin with report.html: any browser shows it, and it prints well.",
        "\n".join(f"{name:{widest}}  {what}" for name, what in files.items()),
        "HOW TO CHECK IT",
        f"    {CHECK}",
        GIVEN,
        KEYS,
        TOOL,
        "WHAT IT CANNOT PROVE",
        "\n".join(fill(each, WIDE, initial_indent="- ", subsequent_indent="  ") for each in CANNOT_PROVE),
        "HOW TO MAKE IT AGAIN",
        f"    {command(told)}",
    )
    return (
        "\n\n".join(part if "\n" in part or part.startswith(" ") else fill(part, WIDE) for part in parts)
        + "\n"
    )
