"""What a browser makes of a page: its elements, links and text; and what must not be among them."""

from html.parser import HTMLParser

from starlette.testclient import TestClient

from roadlog.visible import plain
from tests.cli.hostile import LINE, MARK, raw

VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Seen(HTMLParser):
    """A page as it is parsed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All of it, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def links(self, beginning: str = "") -> list[str]:
        """Where its links lead, of those that begin so."""
        found = (attributes.get("href") or "" for tag, attributes in self.elements if tag == "a")
        return [each for each in found if each.startswith(beginning)]


def obeyed(page: str) -> list[str]:
    """What came of hostile text in a page but text: elements, attributes, what nobody sees."""
    seen = Seen(page)
    names = [
        f"{tag} {name}"
        for tag, attributes in seen.elements
        for name in attributes
        if name.startswith("on") or name == "style" or (tag == "img" and attributes["src"] == "x")
    ]
    return names + raw(page)


def holds_hostile_text(page: str) -> bool:
    """Whether the hostile line is in it, as text that shows what cannot be seen."""
    assert MARK not in page
    return plain(LINE) in Seen(page).text


def seen(site: TestClient, address: str) -> Seen:
    """The page at an address."""
    answer = site.get(address)
    assert answer.status_code == 200, answer.text
    return Seen(answer.text)
