"""The verdict on a log in words: what was found, what was checked, and what that does not prove."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from roadlog import words
from roadlog.domain.log_keys import key_id
from roadlog.told.blocks import Block, Cell, Facts, Heading, Items, Rows, Said
from roadlog.told.facts import Fact

MEANINGS = {
    "intact-anchored": "The log is whole, and more than the log itself vouches for that.",
    "intact-unanchored": "The log is whole. Nothing outside of it vouches for that yet.",
    "forged-approval": "The records are whole, and an approval among them is not by whom it says.",
    "unreadable": "A record cannot be read.",
    "truncated": "The end of the log is gone.",
    "replaced": "This is another log, or it was signed with another key.",
    "rolled-back": "The store is older than a checkpoint that somebody kept.",
    "split-view": "Two histories of one length were signed.",
    "rule-broken": "The log is whole, and holds what no rule allowed when it was recorded.",
}
COUNTED = {
    "leaves": ("leaf", "leaves"),
    "nodes": ("tree node", "tree nodes"),
    "commands": ("command", "commands"),
    "checkpoints": ("checkpoint", "checkpoints"),
    "anchors": ("anchor", "anchors"),
    "approvals": ("signed approval", "signed approvals"),
    "policy": ("record judged by the rules", "records judged by the rules"),
    "projections": ("row of projections", "rows of projections"),
}
OBJECT = "schema object "
"""What the database was made of, as the event store names it."""
TAMPERED = "The log, or what was derived from it, is not what was recorded."


def meaning(answer: dict[str, Any]) -> str:
    """What a verdict says, in a sentence."""
    return MEANINGS.get(answer["verdict"], TAMPERED)


def told(answer: dict[str, Any]) -> Iterator[Block]:
    """The verdict first, then what it rests on."""
    intact = answer["exit"] in (0, 1)
    sign = "✓" if intact else "✗"
    yield Said(Fact(f"{sign} {answer['verdict']}", "good" if intact else "bad"))
    of_another = _of_another_log(answer)
    if of_another:
        yield Said(Fact(of_another, "odd"))
    yield Said(meaning(answer))
    if answer["problems"]:
        yield Heading("Problems")
        yield _problems(answer["problems"])
        yield Heading("What to do")
        yield Items(list(_steps(answer)))
    if answer["size"]:
        yield Heading("Checked")
        yield Facts(list(_checked(answer["checked"])), indent=2)
        if (answer["against"] or {}).get("signed") and intact:
            count, all_ = answer["against"]["signed"], answer["checked"]["checkpoints"]
            many = f"{words.number(count)} of {words.number(all_)} checkpoints"
            yield Said(Fact(f"{many} signed by the key that you gave"), 2)
        yield Said(Fact(f"size {answer['size']}, {_anchored(answer)}"), 2)
        recomputed = "" if intact else ", recomputed from what is stored now"
        yield Said(Fact(f"root {answer['root']}{recomputed}", "dim"), 2)
        yield Said(Fact(f"origin {answer['origin']}", "dim"), 2)
    if len(answer["log_keys"]) > 1:
        yield Heading("Keys")
        yield Items([_key(each) for each in answer["log_keys"]])
    yield Heading("Not proved")
    yield Items(list(answer["not_proved"]))


def _of_another_log(answer: dict[str, Any]) -> str | None:
    """What may be the matter where the names differ: the wrong file was given."""
    given = answer["against"]
    if given is None or answer["origin"] in (None, given["origin"]):
        return None
    return (
        f"The {given['kind']} given is of the log {given['origin']}, and this one is {answer['origin']}: if "
        "you gave the wrong file, give the right one before anything else."
    )


def _steps(answer: dict[str, Any]) -> Iterator[str]:
    """What somebody can do who finds this: nothing here mends a log."""
    positions = _positions(answer["problems"])
    if not positions and any("projections" in (each["expected"] or "") for each in answer["problems"]):
        yield "The records are whole: roadlog projections rebuild"
        return
    where = f": positions {_ranges(positions)}" if positions else ""
    yield "Record nothing more here, and keep this folder as it is: it is the evidence."
    yield f"Show this to whoever reviews the log{where}."
    yield "Restore a backup into another folder, and verify that one: roadlog --store FOLDER verify"


def _checked(checked: dict[str, int]) -> Iterator[Cell]:
    for name, count in checked.items():
        if name == "records":
            yield Fact(f"{words.number(count)} records{_read(checked)}")
        elif count and name != "bodies":
            one, many = COUNTED[name]
            yield Fact(f"{words.number(count)} {one if count == 1 else many}")


def _anchored(answer: dict[str, Any]) -> str:
    """What vouches for the log from outside, and how much of its end is not covered."""
    anchored, tail = answer["anchored"], f"not anchored {answer['unanchored_tail']}"
    if not anchored["size"]:
        return tail
    since = f" at {anchored['at']}" if anchored["at"] else ""
    return f"anchored {anchored['size']} by {', '.join(anchored['by'])}{since}, {tail}"


def _key(each: dict[str, Any]) -> str:
    """Which key signed the log, and since when."""
    given = ", the one given" if each["given"] else ""
    return f"{key_id(each['key'])} since record {each['position'] or 1}{given}"


def _read(checked: dict[str, int]) -> str:
    """How many of the records were read as what they claim to be."""
    if checked["bodies"] == checked["records"]:
        return ", read strictly"
    return f", {words.number(checked['bodies'])} of them read strictly"


def _problems(problems: list[dict[str, Any]]) -> Block:
    """Those that are alike and in a row are told once, with their positions and how many they are."""
    return Rows(
        ("#", "Verdict", "Record", "What"),
        [
            (Fact(_ranges(_positions(alike)), "bad"), verdict, Fact(_record(alike)), Fact(_what(alike)))
            for (verdict, *_), group in groupby(problems, _likeness)
            for alike in [[*group]]
        ],
        right=[0],
    )


def _likeness(problem: dict[str, Any]) -> tuple[str, bool, str, str]:
    """What problems have in common that are told as one."""
    shown = (_shown(problem["expected"]), _shown(problem["found"]))
    name, colon, _ = shown[0].partition(": ")
    if colon and name.startswith(OBJECT):
        return problem["verdict"], False, OBJECT, shown[1]
    return problem["verdict"], problem["position"] is None, *shown


def _record(alike: list[dict[str, Any]]) -> str:
    if len(alike) == 1:
        (each,) = alike
        return f"{each['stream']} version {each['version']}" if each["stream"] else ""
    return ", ".join(dict.fromkeys(each["stream"] for each in alike if each["stream"]))


def _what(alike: list[dict[str, Any]]) -> str:
    expected = [_shown(each["expected"]) for each in alike]
    if expected[0].startswith(OBJECT):
        names = [each.partition(": ")[0].removeprefix(OBJECT) for each in expected]
        expected = [f"as roadlog made it, in the database's schema: {', '.join(names)}"]
    many = f"{len(alike)} times: " if len(alike) > 1 else ""
    return f"{many}expected {expected[0]}; found {_shown(alike[0]['found'])}"


def _positions(problems: list[dict[str, Any]]) -> list[int]:
    return [each["position"] for each in problems if each["position"] is not None]


def _ranges(positions: list[int]) -> str:
    """`#1-#100, #105`"""
    runs = words.runs(dict.fromkeys(positions))
    return ", ".join(f"#{first}" if first == last else f"#{first}-#{last}" for first, last in runs)


def _shown(text: str | None) -> str:
    return " ".join(text.split()) if text else "nothing"
