"""How often each fault is tried: by `make test`, and by `make faults` and `make fuzz`."""

from typing import NamedTuple


class Count(NamedTuple):
    test: int
    full: int


KILLS = Count(200, 2_000)
"""Processes killed, over all kinds of work."""
WITNESS_KILLS = Count(64, 1_000)
"""Witnesses killed while two forked logs ask for cosignatures."""
IMAGES = Count(500, 20_000)
"""Disks laid as a power cut may leave them."""
OPENINGS = Count(400, 4_000)
"""The same, of a store that is being made."""
BYTES_BETWEEN = Count(97, 1)
"""Bytes between one cut of a write-ahead log and the next."""
CROWD = Count(8, 32)
"""Processes that record at one time."""
APPENDS = Count(25, 200)
"""Commands of each of them."""
FLIPS = Count(2, 40)
"""Bits flipped in each page of a store, one at a time."""
MEANWHILE = Count(3_000, 50_000)
"""Records appended while somebody reads an older state."""
STEPS = Count(1_000, 100_000)
"""Steps of stories of any commands."""
CHANGED = Count(1_000, 100_000)
"""Signatures and keys that somebody changed, of each kind of change."""
ROOMS = Count(10, 160)
"""How much room a disk has left, in as many steps."""
TAMPERINGS = Count(1_000, 10_000)
"""Stores that somebody tampered with."""
HOSTILE = Count(1_000, 100_000)
"""What witnesses, authorities, clients, files, tables and packs say, for each parser."""
FORECASTS = Count(200, 2_000)
"""Made-up histories that are forecast at a date in between."""
