"""What changed in a field, in words: from what to what; in a collection, which entry came, went, changed."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from roadlog.cli.views.entries import ALONE, ELEMENTS, ENTRIES, NAMES, Value, place
from roadlog.cli.views.screen import said
from roadlog.cli.views.short import LONG, NOTHING, UNSAID, cut_short, is_time, short

BEFORE = 24
"""Of the characters that are shown, those before the place where two texts part."""
ABSENT = {"milestone": "backlog", "owner": "nobody", "horizon": "not placed", "problem": "not defined"}
"""What is said of a field without a value; of others a dash."""
FIELD_NAMES = {"break_glass": "break-glass"}


def field_name(field: str) -> str:
    """`edge cases`."""
    return FIELD_NAMES.get(field, field.replace("_", " "))


def told(field: str, before: Any, after: Any) -> Text:
    """`prototype → training`, `+ R2, Invents refund rules (4 × 4)`, `− …`, `R1: likelihood 4 → 2`."""
    if isinstance(before, dict) and isinstance(after, dict):
        return _name(field, before, after) + said("; ").join(_parts(before, after))
    if isinstance(after, dict) and before is None:
        return said("+ ", "green") + said(entry(field, after))
    if isinstance(before, dict) and after is None:
        return said("− ", "red") + said(entry(field, before))
    return _change(field, before, after)


def value(field: str, now: Any) -> str:
    """A field's value in a few words."""
    if isinstance(now, dict):
        return entry(field, now)
    return ABSENT.get(field, "–") if now in NOTHING else short(now)


def entry(field: str, one: Value) -> str:
    """An entry of a collection, or a value of several parts, in a few words."""
    words = ENTRIES.get(field)
    return words(one) if words else short(one)


def _both(field: str, before: Any, after: Any) -> tuple[str, str]:
    """Two values in short; two texts from a little before the place where they part."""
    if isinstance(before, str) and isinstance(after, str) and not (is_time(before) or is_time(after)):
        old, new = (" ".join(each.split()) for each in (before, after))
        if max(len(old), len(new)) > LONG:
            return _apart(old, new)
    return value(field, before), value(field, after)


def _apart(before: str, after: str) -> tuple[str, str]:
    same = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), None)
    at = min(len(before), len(after)) if same is None else same
    start = before.rfind(" ", 0, at - BEFORE) + 1 if at > BEFORE else 0
    cut = "…" if start else ""
    return cut_short(cut + before[start:]), cut_short(cut + after[start:])


def _change(name: str, before: Any, after: Any) -> Text:
    """From what to what; of a list, what came and what went."""
    if isinstance(before or after, list):
        old, new = before or [], after or []
        came = [said("+ ", "green") + said(_element(name, each)) for each in new if each not in old]
        went = [said("− ", "red") + said(_element(name, each)) for each in old if each not in new]
        if came or went:
            return said(", ").join([*came, *went])
    return _from_to(*_both(name, before, after))


def _element(name: str, one: Any) -> str:
    words = ELEMENTS.get(name)
    return words(one) if words else short(one)


def _from_to(before: str, after: str) -> Text:
    return said(before) + said(" → ", "dim") + said(after)


def _name(field: str, before: Value, after: Value) -> Text:
    """What the entry is known by, where it has a name; then a colon."""
    name = next((after[each] for each in NAMES.get(field, ()) if after.get(each)), None)
    if field == "approvals":
        name = f"{after['stakeholder']} as {after['role']} on {place(after)}"
    elif name is None and field in ENTRIES and field not in ALONE:
        name = cut_short(entry(field, before))
    return said(f"{short(name)}: ", "bold") if name else Text()


def _parts(before: Value, after: Value) -> list[Text]:
    """Each part that differs; which record did it, only where that is all there is to say."""
    pairs = {part: (before.get(part), after.get(part)) for part in {**before, **after} if part not in UNSAID}
    differing = {part: pair for part, pair in pairs.items() if pair[0] != pair[1]}
    said_ = {
        part: pair for part, pair in differing.items() if not any(_is_record(part, each) for each in pair)
    }
    found = [_part(part, *pair) for part, pair in (said_ or differing).items()]
    return found or [said(f"recorded again, #{after['position']}" if "position" in after else "again")]


def _part(part: str, before: Any, after: Any) -> Text:
    name = said(f"{part.replace('_', ' ')} ", "dim")
    old, new = _signed(part, before), _signed(part, after)
    is_new = before in NOTHING and not isinstance(after, list)
    return name + (said(value(part, new)) if is_new else _change(part, old, new))


def _is_record(part: str, given: Any) -> bool:
    """Whether a part names a record, such as `closed_by`."""
    return part.endswith("_by") and isinstance(given, int) and not isinstance(given, bool)


def _signed(part: str, given: Any) -> Any:
    return f"#{given}" if _is_record(part, given) else given


def lines(changes: list[Value]) -> Iterator[tuple[str, Text]]:
    """Each change as its field's name, empty where that is the one before, and what came of it."""
    last = None
    for each in changes:
        name = field_name(each["field"])
        yield "" if name == last else name, told(each["field"], each["before"], each["after"])
        last = name
