"""The catalogue of known AI risks, to pick from."""

from typing import Any

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import say


def _render(found: list[dict[str, Any]]) -> None:
    if len(found) == 1:
        _render_whole(found[0])
        return
    if not found:
        _render_none()
        return
    widest = max((len(each["id"]) for each in found), default=0)
    kind = max((len(each["category"]) for each in found), default=0)
    for each in found:
        say(f"{each['id']:<{widest}}  {each['category']:<{kind}}  {each['name']}")
    say("")
    say("One whole: roadlog risk catalogue ID")
    say("Log one:   roadlog risk log KEY --from ID --likelihood N --impact N")


def _render_none() -> None:
    """Says that there is none, and names what comes near to the words that were typed."""
    from roadlog.catalogues import ai_risks

    text = click.get_current_context().params.get("text", "")
    say(f"No risk of the catalogue has {'all these words' if ' ' in text.strip() else 'this word'}: {text}")
    words = text.split()
    near = [*ai_risks.nearest(text), *(each for word in words for each in _nearest(word))]
    if near:
        say(f"Nearest: {', '.join(dict.fromkeys(near))}")
        say(f"         roadlog risk catalogue {near[0]}")
    else:
        say("All of them: roadlog risk catalogue")


def _nearest(word: str) -> list[str]:
    """The ids of risks that have the word, or of a word like it in their ids."""
    from difflib import get_close_matches

    from roadlog.catalogues import ai_risks

    found = [each.id for each in ai_risks.find(word)]
    parts = {part: each.id for each in ai_risks.entries() for part in (*each.id.split("-"), each.category)}
    alike = get_close_matches(word.lower(), list(parts), n=2, cutoff=0.7)
    return [*found[:3], *(parts[each] for each in alike)]


def _render_whole(entry: dict[str, Any]) -> None:
    say(f"{entry['name']} ({entry['id']}, {entry['category']})")
    say("")
    say(entry["description"])
    say(f"Why it matters: {entry['concern']}")
    for each in entry["incidents"]:
        say(f"It has happened: {each['title']} ({each['source']})")
    say(f"Source: IBM AI Risk Atlas, {entry['url']}")
    say("")
    say(f"roadlog risk log KEY --from {entry['id']} --likelihood N --impact N")


@answering(_render)
@click.argument("text", required=False, default="")
def risk_catalogue(text: str) -> list[Any]:
    """TEXT is words to look for, a category or an id; all of it, unless given. The data is the IBM AI Risk
    Atlas.

    roadlog risk catalogue hallucination
    """
    from msgspec import to_builtins

    from roadlog.catalogues import ai_risks

    found = ai_risks.find(text)
    exact = tuple(each for each in found if each.id == text.strip())
    entries: list[Any] = to_builtins(exact or found)
    return entries
