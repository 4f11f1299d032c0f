"""How often an address may fail to say who it is: for signing in and for the API alike."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from math import ceil

MOST = 10
"""Failures that an address has in the time of `WITHIN`, before it has to wait."""
WITHIN = timedelta(minutes=1)
ADDRESSES = 10_000
"""Addresses that are remembered; the one that failed longest ago is forgotten first."""


class Limiter:
    """Counts failures by address. Not for several threads: the server's own loop asks and tells."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, address: str, now: datetime) -> int:
        """Seconds until the address is answered again; 0 where it is now."""
        failures = self._failures.get(address)
        if failures is None or len(failures) < self._most:
            return 0
        return max(0, ceil((failures[0] + WITHIN - now).total_seconds()))

    def failed(self, address: str, now: datetime) -> None:
        """Remembers a failure."""
        self._failures.setdefault(address, deque(maxlen=self._most)).append(now)
        self._failures.move_to_end(address)
        if len(self._failures) > ADDRESSES:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Takes the last failure back."""
        if failures := self._failures.get(address):
            failures.pop()
