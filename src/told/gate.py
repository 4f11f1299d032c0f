"""A gate in words: how it stands, by which records a line is met, what does not count, who owes what."""

from collections.abc import Collection, Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.domain.wording import listed, parts_in_words
from roadlog.told.facts import Fact


def way(answer: dict[str, Any]) -> str:
    """`training → integration`."""
    return f"{answer['milestone'] or 'backlog'} → {answer['next']}"


def state(answer: dict[str, Any]) -> list[Fact]:
    """`closed`, `3 of 5 met`."""
    lines = answer["requirements"]
    met = sum(1 for each in lines if each["met"])
    told = Fact("open", "good") if answer["open"] else Fact("closed", "bad")
    return [told, Fact(f"{met} of {len(lines)} met")]


def not_evidenced(answer: dict[str, Any]) -> Fact:
    """`not evidenced here: feasibility, prototype (passed before it was adopted)`."""
    gates = words.several(answer["not_evidenced"])
    return Fact(f"not evidenced here: {gates} (passed before it was adopted)", "odd")


def unasked(each: dict[str, Any]) -> list[Fact]:
    """`compliance rejected it · #29 carla · this gate does not ask compliance`."""
    did = "abstained" if each["decision"] == "abstained" else f"{each['decision']} it"
    return [
        Fact(f"{each['role']} {did}", "bad" if each["decision"] == "rejected" else "dim"),
        Fact(f"#{each['position']} {each['stakeholder']}", "dim"),
        Fact(f"this gate does not ask {each['role']}", "odd"),
    ]


def met_by(line: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The records that meet a requirement, each with whose vote it is; nobody's where it is no vote."""
    who = line["who"] if len(line["who"]) == len(line["by"]) else ["" for _ in line["by"]]
    return zip(line["by"], who, strict=True)


def named_stale(line: dict[str, Any]) -> list[int]:
    """Stale votes of which the requirement's own text says already what changed since."""
    return [each["position"] for each in line["stale"] if line["text"].endswith(_since(each))]


def _since(stale: dict[str, Any]) -> str:
    return f": {listed(parts_in_words(tuple(stale['fields'])))} changed since the vote"


def notes(
    line: dict[str, Any], answer: dict[str, Any], zone: tzinfo, folded: Collection[int] = ()
) -> Iterator[Fact]:
    """What is stale and why, what does not count and why, and who owes a missing approval, or could give it.

    folded: positions of votes that are told elsewhere
    """
    named = named_stale(line)
    for each in line["stale"]:
        if each["position"] not in named:
            fields = words.several(parts_in_words(tuple(each["fields"])))
            yield Fact(f"#{each['position']} is stale: {fields} changed since", "odd")
    yield from not_counted(line, but=folded)
    role = line["id"].partition(":")[2] if line["kind"] == "approval" else None
    for each in answer["owed"]:
        if not line["met"] and each["role"] == role:
            yield Fact(_owed(each, zone), "odd")


def not_counted(
    line: dict[str, Any], *, of: Collection[int] | None = None, but: Collection[int] = ()
) -> Iterator[Fact]:
    """What does not count, and why; `of` and `but` are the positions to tell of, and not to."""
    for each in line["not_counted"]:
        if each["position"] not in but and (of is None or each["position"] in of):
            yield Fact(f"#{each['position']} does not count: {each['why']}", "odd")


def _owed(each: dict[str, Any], zone: tzinfo) -> str:
    """By whom, and since when they were asked; who could give it, where nobody was asked yet."""
    if not each["by"]:
        return f"nobody here can approve as {each['role']}"
    if each["requested_at"] is None:
        return f"could be given by {words.several(each['by'])}; nobody was asked yet"
    return f"owed by {words.several(each['by'])}, asked on {words.day(each['requested_at'], zone)}"
