"""The board as people see it: cards by horizon, those closest to the users first."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import ROOM, Facts, columns, said, shortened
from roadlog.domain.keys import number_of
from roadlog.words import ENDED, HORIZONS, missing, totals

TONES = {"bad": "red", "good": "green", "waiting": "yellow", "needed": "", "quiet": "magenta"}


def render(answer: dict[str, Any]) -> None:
    """Prints the board."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """Every group of cards, then a line of numbers and one of what the board was made from."""
    rows = answer["initiatives"]
    if rows:
        form = _Form(rows)
        yield from form.titles()
        for name, group in _groups(rows):
            yield Text.assemble((f"{name} ", "bold"), ("─" * (screen.width() - len(name) - 1), "dim"))
            yield from (form.card(row) for row in group)
        yield Text()
    elif answer.get("log_begins"):
        yield Text(f"There was no initiative then. {beginning(answer)}")
        yield Text()
    else:
        yield Text("No initiative yet. Put a problem on the roadmap:")
        yield said("  roadlog define TITLE --problem TEXT", "cyan")
        yield Text()
    numbers = (said(text, wording.STYLES[status]) for text, status in totals(rows))
    yield Facts([said(answer["roadmap"], "bold"), *numbers])
    yield stamp(answer)


def beginning(answer: dict[str, Any]) -> str:
    """When the first one began, and when the log; where nothing of it was known yet, how to ask about that
    time all the same.
    """
    begins = f"The log begins {wording.minute(answer['log_begins'])} {wording.zone_name()}"
    if answer["first_begins"]:
        return (
            f"The first one began {wording.minute(answer['first_begins'])} {wording.zone_name()}. {begins}."
        )
    if answer["position"]:
        return f"{begins}."
    return f"{begins}; --as-of asks what was true before, with all we know now."


def stamp(answer: dict[str, Any]) -> Text:
    """What an answer was made from: position, head and moment."""
    said_then = (
        "" if answer["known_at"] == answer["as_of"] else f", known at {wording.minute(answer['known_at'])}"
    )
    return Text(
        f"as of {wording.minute(answer['as_of'])} {wording.zone_name()}{said_then}, "
        f"position {answer['position']}, head {answer['head'][:8]}",
        style="dim",
    )


def _groups(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """By horizon, what ended last; in each, the farthest milestone first, then by rank and key."""
    under_way = [row for row in rows if row["status"] not in ENDED]
    ended = [row for row in rows if row["status"] in ENDED]
    groups = [(name, [row for row in under_way if row["horizon"] == horizon]) for horizon, name in HORIZONS]
    for name, group in [*groups, ("Ended", ended)]:
        if group:
            yield name, sorted(group, key=_order)


def _order(row: dict[str, Any]) -> tuple[int, int, int]:
    rank = row["rank"] if row["rank"] is not None else 10**9
    return -row["milestone_number"], rank, number_of(row["key"])


class _Form:
    """How wide the columns of all cards are; where the title's has no room, a card's cells are facts."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.key = max(len(row["key"]) for row in rows)
        self.where = max(len("Milestone"), *(wording.where(row).cell_len for row in rows))
        self.where = min(self.where, 26)
        self.owner = min(12, max(len("Owner"), *(said(row["owner"] or "nobody").cell_len for row in rows)))
        self.age = max(8, *(len(words.days(row["age"])) for row in rows))
        self.title = screen.width() - self.key - self.where - self.age - self.owner - 2 * 4

    def titles(self) -> Iterator[Text]:
        if self.title >= ROOM:
            yield self._line(
                *(said(each, "dim") for each in ("Key", "Initiative", "Milestone", "Age", "Owner"))
            )

    def card(self, row: dict[str, Any]) -> Group:
        """The title's line, then what has come of it, then what is missing."""
        cells = [
            said(row["key"], "bold cyan"),
            said(row["title"], "bold"),
            wording.where(row),
            Text(words.days(row["age"])),
            said(shortened(row["owner"], self.owner)) if row["owner"] else said("nobody", "yellow"),
        ]
        ended = row["status"] in ENDED
        if ended:
            cells = [said(each.plain, "dim") for each in cells]
        indent = self.key + 2
        if self.title < ROOM:
            head = Group(Facts(cells[1:2], indent, cells[0]), Facts(cells[2:], indent))
        else:
            head = Group(self._line(*cells))
        return head if ended else Group(head, Facts(_come(row), indent), Facts(_missing(row), indent))

    def _line(self, key: Text, title: Text, where: Text, age: Text, owner: Text) -> Text:
        return columns(
            (key, self.key, "left"),
            (title, self.title, "left"),
            (where, self.where, "left"),
            (age, self.age, "right"),
            (owner, self.owner, "left"),
        )


def _come(row: dict[str, Any]) -> Iterator[Text]:
    """How often it went round, and how far the outcome has come."""
    yield wording.iteration(row)
    if row["outcome"]:
        yield wording.outcome(row["outcome"])


def _missing(row: dict[str, Any]) -> Iterator[Text]:
    """What holds it up, whom it waits for, who was not heard of, and which risks are open."""
    return (said(text, TONES[kind]) for text, kind in missing(row))
