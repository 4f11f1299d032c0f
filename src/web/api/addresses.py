"""The one table of addresses: what a GET of each asks, and what a POST to it wishes."""

from typing import NamedTuple

from roadlog.web.api.questions import QUESTIONS, Question
from roadlog.web.api.wishes import OFFERED, Offered


class Address(NamedTuple):
    """One address behind /api/v1; `asks` or `wishes` is None where the method is not taken there."""

    path: str
    asks: Question | None
    wishes: Offered | None

    @property
    def methods(self) -> list[str]:
        return [*(["GET"] if self.asks else []), *(["POST"] if self.wishes else [])]


def _table() -> tuple[Address, ...]:
    asked = {each.path: each for each in QUESTIONS}
    wished = {each.path: each for each in OFFERED}
    return tuple(Address(path, asked.get(path), wished.get(path)) for path in {**asked, **wished})


ADDRESSES = _table()
