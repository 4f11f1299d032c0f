"""HTML, made so that no text can be anything but text: whatever is not `Html` is escaped."""

from collections.abc import Iterable, Iterator
from html import escape

from roadlog.visible import plain

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do with a page: nothing but show it."""


class Html(str):
    """Markup, which may stand in a page as it is. Only this module makes some."""

    __slots__ = ()


Content = str | int | float | None | Iterable["Content"]


def element(tag: str, *content: Content, **attributes: str | None) -> Html:
    """An element with its content, in order; `class_` is the attribute `class`, None leaves one out."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{tag}{named}>{''.join(_pieces(content))}</{tag}>")


def together(*content: Content) -> Html:
    """Several pieces, one after another."""
    return Html("".join(_pieces(content)))


def page(title: str, style: str, *content: Content) -> str:
    """A whole page of HTML 5, which loads nothing and runs nothing. No text of others is in `style`."""
    head = (
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        element("title", title),
        f"<style>{style}</style>",
    )
    body = element("body", element("main", *content))
    return "\n".join(("<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", body, "</html>", ""))


def break_at(text: str, every: int = 16) -> Html:
    """A hash, which may be broken where a line ends."""
    parts = [text[start : start + every] for start in range(0, len(text), every)]
    return Html("<wbr>".join(map(_text, parts)))


def _pieces(content: Content) -> Iterator[str]:
    if content is None:
        return
    if isinstance(content, Html):
        yield content
    elif isinstance(content, str | int | float):
        yield _text(str(content))
    else:
        for each in content:
            yield from _pieces(each)


def _text(text: str) -> str:
    """What nobody would see is shown as `\\u202e` and the like; line breaks stay."""
    return escape(plain(text, lines=True))
