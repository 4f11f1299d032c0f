"""Anchors in the pack: what witnesses and time-stamp authorities signed, as verify.py takes it.

A file and a commit are not here: they vouch where they are, and whoever holds one gives it to verify.py.
"""

from pathlib import Path
from typing import NamedTuple

from roadlog import failures
from roadlog.domain.refusals import Damaged
from roadlog.event_store.reading import Reader
from roadlog.trust.anchor import Kept
from roadlog.trust.note import BadNote

ANCHORS = "anchors"
WHO = {"tsa": "A time-stamp authority", "witness": "A witness"}
"""The kinds that are in a pack, in words."""


class Vouched(NamedTuple):
    """A file of the pack, without its ending: who signed in it, and how many records that is of."""

    name: str
    who: str
    size: int


def write_anchors(reader: Reader, size: int, folder: Path) -> list[Vouched]:
    """Writes those of the log's first `size` records, or of fewer. Raises Damaged for a changed one."""
    made = []
    with failures.in_our_words():
        for each in reader.anchors():
            if each.kind not in WHO or each.size > size:
                continue
            try:
                kept = Kept.read(each.content)
            except BadNote as error:
                raise Damaged("altered", f"Anchor {each.id}: {error}.", try_=("roadlog verify",)) from error
            made.append(Vouched(f"{ANCHORS}/{each.id}", WHO[each.kind], each.size))
            (folder / ANCHORS).mkdir(exist_ok=True)
            (folder / ANCHORS / f"{each.id}.note").write_text(kept.note, encoding="utf-8")
            if kept.token:
                (folder / ANCHORS / f"{each.id}.tsr").write_bytes(kept.token)
    return made
