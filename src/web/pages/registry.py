"""Every page, once: where it is, its template, and what makes it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from roadlog.web.asked import Asked
from roadlog.web.pages.board import board
from roadlog.web.pages.catalogue import catalogue
from roadlog.web.pages.initiative import initiative
from roadlog.web.pages.search import search
from roadlog.web.pages.timeline import timeline, timeline_picture
from roadlog.web.pages.trail import trail


class Page(NamedTuple):
    """A page that is read.

    path: as Starlette writes it, such as /initiatives/{key}
    template: without .html
    make: what fills it
    nav: what the navigation calls it, None where it stands elsewhere
    """

    path: str
    template: str
    make: Callable[[Asked], dict[str, Any]]
    nav: str | None = None


class Picture(NamedTuple):
    """A picture that pages show, of what its address asks for.

    make: its SVG
    """

    path: str
    make: Callable[[Asked], str]


PAGES = (
    Page("/", "board", board, "Board"),
    Page("/timeline", "timeline", timeline, "Timeline"),
    Page("/initiatives/{key}", "initiative", initiative),
    Page("/trail", "trail", trail, "Trail"),
    Page("/search", "search", search),
    Page("/catalogue", "catalogue", catalogue, "Catalogue"),
)
PICTURES = (Picture("/timeline.svg", timeline_picture),)
NAVIGATION = tuple(page for page in PAGES if page.nav)
