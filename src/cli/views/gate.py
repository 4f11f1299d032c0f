"""The gate as people see it: each requirement, what meets it, what does not count, what to type."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from roadlog import words
from roadlog.cli.views import screen, wording
from roadlog.cli.views.screen import Facts, command, indented, said
from roadlog.domain.wording import listed, parts_in_words


def render(answer: dict[str, Any]) -> None:
    """Prints the gate."""
    screen.show(*parts(answer))


def parts(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """The milestone with its question, then line by line."""
    yield screen.titled(answer)
    if answer["next"] is None:
        yield said(f"{answer['milestone']}: nothing follows, so nothing is asked for.")
        yield from _unasked(answer)
        return
    yield Facts([said(f"{answer['milestone'] or 'backlog'} → {answer['next']}"), *_state(answer)])
    if answer["question"]:
        yield said(answer["question"], "italic")
    if answer["not_evidenced"]:
        yield not_evidenced(answer)
    yield Text()
    owed = {each["role"]: each for each in answer["owed"]}
    for line in answer["requirements"]:
        yield from _line(line, owed)
    yield from _unasked(answer)
    if answer["open"] and answer["status"] in ("active", "backlog"):
        yield Text("Nothing keeps it here.")
        yield command(f"roadlog advance {answer['key']}")


def _unasked(answer: dict[str, Any]) -> Iterator[RenderableType]:
    """`compliance rejected it · #29 carla · this gate does not ask compliance`."""
    for each in answer["unasked"]:
        did = "abstained" if each["decision"] == "abstained" else f"{each['decision']} it"
        style = "bold red" if each["decision"] == "rejected" else "dim"
        facts = [
            said(f"{each['role']} {did}", style),
            said(f"#{each['position']} {each['stakeholder']}", "dim"),
            said(f"this gate does not ask {each['role']}", "yellow"),
        ]
        yield Facts(facts, 2, said("·", "dim"))


def not_evidenced(answer: dict[str, Any]) -> Text:
    """`not evidenced here: feasibility, prototype (passed before it was adopted)`."""
    gates = words.several(answer["not_evidenced"])
    return said(f"not evidenced here: {gates} (passed before it was adopted)", "yellow")


def summary(answer: dict[str, Any]) -> Text:
    """`training → integration: closed, 3 of 5 met`."""
    if answer["next"] is None:
        return Text("nothing follows")
    return said(f"{answer['milestone'] or 'backlog'} → {answer['next']}: ") + Text(", ").join(_state(answer))


def _state(answer: dict[str, Any]) -> list[Text]:
    lines = answer["requirements"]
    met = sum(1 for each in lines if each["met"])
    state = said("open", "bold green") if answer["open"] else said("closed", "bold red")
    return [state, Text(f"{met} of {len(lines)} met")]


def _line(line: dict[str, Any], owed: dict[str, dict[str, Any]]) -> Iterator[RenderableType]:
    told = [each for each in line["stale"] if _is_told(each, line["text"])]
    positions = [said(f"#{each['position']}", "dim") for each in told]
    name = said(line["id"], "dim")  # what `waive` takes
    yield Facts([said(line["text"]), name, *_by(line), *positions], 2, wording.mark(line["met"]))
    for each in line["stale"]:
        if each in told:
            continue
        fields = words.several(parts_in_words(tuple(each["fields"])))
        yield indented(said(f"#{each['position']} is stale: {fields} changed since", "yellow"), 4)
    for each in line["not_counted"]:
        yield indented(said(f"#{each['position']} does not count: {each['why']}", "yellow"), 4)
    role = line["id"].partition(":")[2] if line["kind"] == "approval" else None
    if not line["met"] and role in owed:
        yield indented(_owed(owed[role]), 4)
    if line["try"] and not line["met"]:
        yield command(line["try"], 4)


def _is_told(stale: dict[str, Any], text: str) -> bool:
    """Whether the requirement's own text says already what changed since the vote."""
    return text.endswith(f": {listed(parts_in_words(tuple(stale['fields'])))} changed since the vote")


def _by(line: dict[str, Any]) -> Iterator[Text]:
    if line["waiver"] is not None:
        yield said(f"waived by #{line['waiver']}", "yellow")
    if line["by"]:
        who = line["who"] if len(line["who"]) == len(line["by"]) else ["" for _ in line["by"]]
        records = (f"#{each} {name}".strip() for each, name in zip(line["by"], who, strict=True))
        yield said(words.several(records), "dim")


def _owed(each: dict[str, Any]) -> Text:
    """By whom, and since when they were asked."""
    who = words.several(each["by"])
    asked = (
        f", asked on {wording.day(each['requested_at'])}"
        if each["requested_at"]
        else ", nobody was asked yet"
    )
    return said(f"owed by {who}{asked}" if who else f"nobody here can approve as {each['role']}", "yellow")
