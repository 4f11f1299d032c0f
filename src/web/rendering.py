"""Templates filled in: whatever somebody wrote is shown as text, with everything invisible made visible."""

from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import roadlog
from roadlog import words
from roadlog.domain.moments import rfc3339
from roadlog.visible import plain
from roadlog.web.asked import Asked
from roadlog.web.entries import named
from roadlog.web.forms import FORMS
from roadlog.web.offered import offered
from roadlog.web.option_names import in_names, in_text


def render(template: str, asked: Asked, answer: dict[str, Any]) -> str:
    """The page of a template, which gets the keys of `answer` beside what all pages have.

    link: an address at the same moment; day, minute: of an RFC 3339 time or a datetime, in the page's zone
    """

    def day(time: str | datetime | None) -> str:
        return words.day(_rfc3339(time), asked.zone) if time else ""

    def minute(time: str | datetime | None) -> str:
        return words.minute(_rfc3339(time), asked.zone) if time else ""

    found = environment().get_template(f"{template}.html")
    return found.render(asked=asked, link=asked.link, day=day, minute=minute, **answer)


def _rfc3339(time: str | datetime) -> str:
    return time if isinstance(time, str) else rfc3339(time)


def bare(template: str, **values: Any) -> str:
    """The page of a template that is about no moment, such as an error's."""
    return environment().get_template(f"{template}.html").render(**values)


@cache
def environment() -> Environment:
    """Every template's, the same for all threads."""
    made = Environment(
        loader=PackageLoader("roadlog.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["version"] = roadlog.__version__
    made.globals["words"] = words
    made.globals["named"] = named
    made.globals["forms"] = FORMS
    made.globals["offered"] = offered
    made.globals["in_text"] = in_text
    made.globals["in_names"] = in_names
    return made


def _shown(value: Any) -> Any:
    return plain(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value
