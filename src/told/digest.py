"""The digest in words, section by section: for a screen, a mail and the inbox."""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import groupby
from typing import Any

from msgspec import Struct

from roadlog import words
from roadlog.domain.wording import listed, parts_in_words, quoted
from roadlog.told.facts import Fact, Tone
from roadlog.words import day, minute, number, percent


class Line(Struct, frozen=True, kw_only=True):
    """One thing: which initiative, when, what is to say of it, and the command to type.

    key: the initiative's, or the record's where the section is about one initiative
    progress: how far the outcome that the first fact tells has come, as a fraction
    """

    key: str
    when: str
    facts: tuple[Fact, ...]
    command: str | None = None
    progress: float | None = None


class Section(Struct, frozen=True, kw_only=True):
    """What belongs under one title.

    of: which initiative it is about, where it is about one
    note: what is said below its lines, with the command that tells more
    """

    title: str
    lines: tuple[Line, ...]
    of: str | None = None
    note: str | None = None
    command: str | None = None


def span(answer: dict[str, Any], zone: tzinfo) -> str:
    """`2026-02-23 09:01 to 2026-03-02 09:01 UTC, positions 151 to 165`."""
    since = minute(answer["since"], zone)
    until = minute(min(answer["as_of"], answer["known_at"]), zone)
    first, last = answer["after"] + 1, answer["upto"]
    held = f"positions {first} to {last}" if first < last else f"position {last}"
    told = "nothing was recorded" if first > last else held
    return f"{since} to {until} {zone}, {told}"


def sections(answer: dict[str, Any], zone: tzinfo) -> Iterator[Section]:
    """What is owed, or that nothing is; then those that hold anything, the most pressing first."""
    yield _decisions(answer, zone)
    for title, lines in (
        ("Changed since the approval", (_stale(each, zone) for each in answer["stale"])),
        ("Risks raised or accepted", (_risk(each, zone) for each in answer["risks"])),
        ("Gates passed by waiver or break-glass", (_passed(each, zone) for each in answer["passed"])),
        ("Roles gone quiet", _quiet(answer["quiet"], zone)),
        ("Outcomes by iteration", map(_outcome, answer["outcomes"])),
    ):
        found = tuple(lines)
        if found:
            yield Section(title=title, lines=found)


def _decisions(answer: dict[str, Any], zone: tzinfo) -> Section:
    """The decisions; then how many approvals went stale, and how many other things there are to do."""
    lines = tuple(_owed(each, answer["for"], zone) for each in answer["owed"])
    command = f"roadlog next --for {quoted(answer['for'])}" if answer["further"] else None
    return Section(title="Decisions owed", lines=lines, note=_besides(answer), command=command)


def _besides(answer: dict[str, Any]) -> str | None:
    """`No decision is owed; 1 approval went stale; 2 things to do:`. What is owed is not told again."""
    owed = {(each["key"], each["role"]) for each in answer["owed"]}
    stale = sum((each["key"], each["role"]) not in owed for each in answer["stale"])
    told = [f"{words.counted(stale, 'approval')} went stale"] if stale else []
    told += [f"{words.counted(answer['further'], 'thing')} to do"] if answer["further"] else []
    if not told:
        return None if answer["owed"] else "Nothing is owed."
    begun = "Besides, " if answer["owed"] else "No decision is owed; "
    return f"{begun}{'; '.join(told)}{':' if answer['further'] else '.'}"


def records(answer: dict[str, Any], zone: tzinfo) -> Iterator[Section]:
    """What happened: every record, by initiative."""
    for group in answer["happened"]:
        lines = tuple(_record(each, zone) for each in group["records"])
        yield Section(title=group["title"] or "", lines=lines, of=group["key"])


def _owed(each: dict[str, Any], handle: str, zone: tzinfo) -> Line:
    others = [by for by in each["by"] if by != handle]
    shared = [Fact(f"or {words.several(others)}", "dim")] if others else []
    return Line(
        key=each["key"],
        when=day(each["since"], zone),
        facts=(Fact(each["what"], "strong"), *shared, *_titled(each)),
        command=each["try"],
    )


def _stale(each: dict[str, Any], zone: tzinfo) -> Line:
    changed = listed(parts_in_words(tuple(each["fields"])))
    by = (Fact(f"#{one['position']} {one['actor']} {one['sentence']}") for one in each["changed_by"])
    here = each["milestone"] or "the backlog"
    return Line(
        key=each["key"],
        when=day(each["at"], zone),
        facts=(
            Fact(f"approved {here} as {each['role']}, #{each['position']}; {changed} changed since", "odd"),
            *by,
            *_titled(each),
        ),
        command=each["try"],
    )


def _risk(each: dict[str, Any], zone: tzinfo) -> Line:
    until = f" as {each['role']} until {day(each['until'], zone)}" if each["until"] else ""
    remains = f", {each['residual']} remains" if each["residual"] != each["score"] else ""
    return Line(
        key=each["key"],
        when=day(each["at"], zone),
        facts=(
            Fact(f"{each['actor']} {each['what']} {each['id']}{until}", "strong"),
            Fact(f"{each['category']}, score {each['score']}{remains}", "bad" if each["open"] else "dim"),
            Fact(each["description"]),
            *([] if each["open"] else [Fact("closed since", "dim")]),
            *_titled(each),
        ),
    )


def _passed(each: dict[str, Any], zone: tzinfo) -> Line:
    return Line(key=each["key"], when=day(each["at"], zone), facts=(*_how(each), *_titled(each)))


def _how(each: dict[str, Any]) -> Iterator[Fact]:
    yield Fact(f"{each['actor']} went from {each['from'] or 'the backlog'} to {each['to']}", "strong")
    if each["break_glass"]:
        bypassed = f", bypassing {listed(each['bypassed'])}" if each["bypassed"] else ""
        yield Fact(f"by break-glass{bypassed}", "bad")
    for waived in each["waived"]:
        yield Fact(f"{waived['requirement']} waived by #{waived['waiver']}", "odd")
    if each["review"]:
        tone: Tone = "good" if each["review"] == "upheld" else "bad"
        yield Fact(each["review"].replace("-", " "), tone)
    if each["reason"]:
        yield Fact(f"because “{each['reason']}”")


def _quiet(entries: list[dict[str, Any]], zone: tzinfo) -> Iterator[Line]:
    """An initiative's roles together, each with by when it was to be heard, and who could speak."""
    for key, group in groupby(entries, lambda each: each["key"]):
        roles = list(group)
        told = (
            Fact(
                f"{each['role']} was to be heard by {day(each['since'], zone)}"
                f" ({words.several(each['by']) or 'nobody here'})"
            )
            for each in roles
        )
        command = roles[0]["try"] if len(roles) == 1 else f"roadlog checkin {key} --role ROLE TEXT"
        yield Line(key=key, when="", facts=(*told, *_titled(roles[0])), command=command)


def _outcome(each: dict[str, Any]) -> Line:
    return Line(
        key=each["key"],
        when="",
        facts=(
            Fact(words.outcome(each["outcome"]), "strong"),
            *map(_iteration, each["iterations"]),
            *_titled(each),
        ),
        progress=each["outcome"]["progress"] if each["outcome"]["latest"] is not None else None,
    )


def _iteration(each: dict[str, Any]) -> Fact:
    so_far = "" if each["to"] else " so far"
    if each["value"] is None:
        return Fact(f"iteration {each['iteration']}: not measured {'yet' if so_far else 'by its end'}", "dim")
    told = f", {percent(each['progress'])}" if each["progress"] is not None else ""
    return Fact(f"iteration {each['iteration']}: {number(each['value'])}{told}{so_far}")


def _record(each: dict[str, Any], zone: tzinfo) -> Line:
    gone = each["voided_by"] is not None
    marks = [Fact("happened earlier, recorded now", "odd")] if each["earlier"] else []
    marks += [Fact(f"voided by #{each['voided_by']}", "bad")] if gone else []
    marks += [Fact(f"because “{each['reason']}”")] if each["reason"] else []
    said = Fact(f"{each['actor']} {each['sentence']}", "gone" if gone else "plain")
    return Line(key=f"#{each['position']}", when=day(each["effective_at"], zone), facts=(said, *marks))


def _titled(each: dict[str, Any]) -> tuple[Fact, ...]:
    """What the initiative is called, where that is known."""
    return (Fact(each["title"], "dim"),) if each["title"] else ()
