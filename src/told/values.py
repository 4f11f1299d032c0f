"""What changed in a field, in words: from what to what; in a collection, which entry came, went, changed."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from roadlog.told.facts import Fact
from roadlog.told.parts import ALONE, ELEMENTS, ENTRIES, NAMES, place
from roadlog.told.short import LONG, NOTHING, UNSAID, Value, cut_short, is_time, short

BEFORE = 24
"""Of the characters that are shown, those before the place where two texts part."""
ABSENT = {"milestone": "backlog", "owner": "nobody", "horizon": "not placed", "problem": "not defined"}
"""What is said of a field without a value; of others a dash."""
FIELD_NAMES = {"break_glass": "break-glass"}


def field_name(field: str) -> str:
    """`edge cases`."""
    return FIELD_NAMES.get(field, field.replace("_", " "))


def told(field: str, before: Any, after: Any, zone: tzinfo) -> list[Fact]:
    """`prototype → training`, `+ R2, Invents refund rules (4 × 4)`, `− …`, `R1: likelihood 4 → 2`."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [*_name(field, before, after, zone), *_joined("; ", _parts(before, after, zone))]
    if isinstance(after, dict) and before is None:
        return [Fact("+ ", "good"), Fact(entry(field, after, zone))]
    if isinstance(before, dict) and after is None:
        return [Fact("− ", "bad"), Fact(entry(field, before, zone))]
    return _change(field, before, after, zone)


def value(field: str, now: Any, zone: tzinfo) -> str:
    """A field's value in a few words."""
    if isinstance(now, dict):
        return entry(field, now, zone)
    return ABSENT.get(field, "–") if now in NOTHING else short(now, zone)


def entry(field: str, one: Value, zone: tzinfo) -> str:
    """An entry of a collection, or a value of several parts, in a few words."""
    teller = ENTRIES.get(field)
    return teller(one, zone) if teller else short(one, zone)


def _both(field: str, before: Any, after: Any, zone: tzinfo) -> tuple[str, str]:
    """Two values in short; two texts from a little before the place where they part."""
    if isinstance(before, str) and isinstance(after, str) and not (is_time(before) or is_time(after)):
        old, new = (" ".join(each.split()) for each in (before, after))
        if max(len(old), len(new)) > LONG:
            return _apart(old, new)
    return value(field, before, zone), value(field, after, zone)


def _apart(before: str, after: str) -> tuple[str, str]:
    same = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), None)
    at = min(len(before), len(after)) if same is None else same
    start = before.rfind(" ", 0, at - BEFORE) + 1 if at > BEFORE else 0
    cut = "…" if start else ""
    return cut_short(cut + before[start:]), cut_short(cut + after[start:])


def _change(name: str, before: Any, after: Any, zone: tzinfo) -> list[Fact]:
    """From what to what; of a list, what came and what went."""
    if isinstance(before or after, list):
        old, new = before or [], after or []
        came = [[Fact("+ ", "good"), Fact(_element(name, each, zone))] for each in new if each not in old]
        went = [[Fact("− ", "bad"), Fact(_element(name, each, zone))] for each in old if each not in new]
        if came or went:
            return _joined(", ", [*came, *went])
    old, new = _both(name, before, after, zone)
    return [Fact(old), Fact(" → ", "dim"), Fact(new)]


def _element(name: str, one: Any, zone: tzinfo) -> str:
    teller = ELEMENTS.get(name)
    return teller(one, zone) if teller else short(one, zone)


def _name(field: str, before: Value, after: Value, zone: tzinfo) -> list[Fact]:
    """What the entry is known by, where it has a name; then a colon."""
    name = next((after[each] for each in NAMES.get(field, ()) if after.get(each)), None)
    if field == "approvals":
        name = f"{after['stakeholder']} as {after['role']} on {place(after)}"
    elif name is None and field in ENTRIES and field not in ALONE:
        name = cut_short(entry(field, before, zone))
    return [Fact(f"{short(name, zone)}: ", "strong")] if name else []


def _parts(before: Value, after: Value, zone: tzinfo) -> list[list[Fact]]:
    """Each part that differs; which record did it, only where that is all there is to say."""
    pairs = {part: (before.get(part), after.get(part)) for part in {**before, **after} if part not in UNSAID}
    differing = {part: pair for part, pair in pairs.items() if pair[0] != pair[1]}
    said = {
        part: pair for part, pair in differing.items() if not any(_is_record(part, each) for each in pair)
    }
    found = [_part(part, *pair, zone) for part, pair in (said or differing).items()]
    return found or [[Fact(f"recorded again, #{after['position']}" if "position" in after else "again")]]


def _part(part: str, before: Any, after: Any, zone: tzinfo) -> list[Fact]:
    name = Fact(f"{part.replace('_', ' ')} ", "dim")
    old, new = _signed(part, before), _signed(part, after)
    if before in NOTHING and not isinstance(after, list):
        return [name, Fact(value(part, new, zone))]
    return [name, *_change(part, old, new, zone)]


def _is_record(part: str, given: Any) -> bool:
    """Whether a part names a record, such as `closed_by`."""
    return part.endswith("_by") and isinstance(given, int) and not isinstance(given, bool)


def _signed(part: str, given: Any) -> Any:
    return f"#{given}" if _is_record(part, given) else given


def _joined(between: str, groups: list[list[Fact]]) -> list[Fact]:
    """One group of facts after the other, and what stands between them."""
    return [each for place, group in enumerate(groups) for each in ([Fact(between)] if place else []) + group]


def lines(changes: list[Value], zone: tzinfo) -> Iterator[tuple[str, list[Fact]]]:
    """Each change as its field's name, empty where that is the one before, and what came of it."""
    last = None
    for each in changes:
        name = field_name(each["field"])
        yield "" if name == last else name, told(each["field"], each["before"], each["after"], zone)
        last = name
