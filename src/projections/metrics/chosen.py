"""What a report of flow metrics is about: which initiatives, and which finishes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from roadlog.projections.plain import plain

Window = tuple[datetime | None, datetime | None]
"""Half-open; None on a side is without end there."""


class Filter(Struct, frozen=True, kw_only=True):
    """Which initiatives, and which finishes.

    `milestone` keeps the initiatives that stood there, `role` those on which it voted or was heard, `segment`
    those whose problem names it. A cycle belongs to the window that holds its finish.
    """

    key: str | None = None
    milestone: str | None = None
    role: str | None = None
    segment: str | None = None
    window: Window = (None, None)

    def keeps(self, measured: Mapping[str, Any]) -> bool:
        """Whether a measured initiative is one of them."""
        return (
            self.key in (None, measured["key"])
            and (self.role is None or self.role in measured["roles"])
            and (self.segment is None or self.segment in measured["segments"])
            and (self.milestone is None or self.milestone in measured["milestones"])
        )

    def answer(self) -> dict[str, Any]:
        start, end = self.window
        return {
            "key": self.key,
            "from": plain(start),
            "to": plain(end),
            "milestone": self.milestone,
            "role": self.role,
            "segment": self.segment,
        }


ALL = Filter()
"""Every initiative, every finish."""
