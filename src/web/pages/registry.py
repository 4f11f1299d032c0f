"""Every page, once: where it is, its template, and what makes it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from roadlog.web.asked import Asked
from roadlog.web.guard import RUN
from roadlog.web.pages.audit import audit
from roadlog.web.pages.board import board
from roadlog.web.pages.catalogue import catalogue
from roadlog.web.pages.charts import chart
from roadlog.web.pages.forecast import forecast
from roadlog.web.pages.inbox import inbox
from roadlog.web.pages.initiative import initiative
from roadlog.web.pages.metrics import metrics
from roadlog.web.pages.risks import risks
from roadlog.web.pages.search import search
from roadlog.web.pages.timeline import timeline, timeline_picture
from roadlog.web.pages.trail import trail
from roadlog.web.pages.verification import verification


class Page(NamedTuple):
    """A page that is read.

    path: as Starlette writes it, such as /initiatives/{key}
    template: without .html
    make: what fills it
    nav: what the navigation calls it, None where it stands elsewhere
    anew: what in the address asks for it to be made though one is kept
    is_slow: whether it can take seconds
    alone: where the same page of one initiative is, to which `key` in the address leads
    """

    path: str
    template: str
    make: Callable[[Asked], dict[str, Any]]
    nav: str | None = None
    anew: str | None = None
    is_slow: bool = False
    alone: str | None = None


class Picture(NamedTuple):
    """A picture that pages show, of what its address asks for.

    make: its SVG
    """

    path: str
    make: Callable[[Asked], str]


PAGES = (
    Page("/", "board", board, "Board"),
    Page("/inbox", "inbox", inbox, "Inbox"),
    Page("/timeline", "timeline", timeline, "Timeline"),
    Page("/initiatives/{key}", "initiative", initiative),
    Page("/initiatives/{key}/metrics", "metrics", metrics),
    Page("/risks", "risks", risks, "Risks"),
    Page("/metrics", "metrics", metrics, "Metrics", alone="/initiatives/{key}/metrics"),
    Page("/forecast", "forecast", forecast, "Forecast"),
    Page("/trail", "trail", trail, "Trail"),
    Page("/audit", "audit", audit, "Audit", is_slow=True),
    Page("/verification", "verification", verification, "Verification", anew=RUN, is_slow=True),
    Page("/search", "search", search),
    Page("/catalogue", "catalogue", catalogue, "Catalogue"),
)
PICTURES = (Picture("/timeline.svg", timeline_picture), Picture("/charts/{name}.svg", chart))
NAVIGATION = tuple(page for page in PAGES if page.nav)
