"""How a store's folder is made: with the settings in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roadlog.domain.refusals import Refused
from roadlog.folders import whole_folder
from roadlog.store import CONFIG, Place
from roadlog.trust.whole_files import sync

CONFIG_TEXT = """\
# Settings of this store. Uncomment to change.
# actor = "dana"            # who acts when neither --as nor ROADLOG_ACTOR says
# zone = "Europe/Berlin"    # the time zone in which a bare date begins; UTC unless set
"""


@contextmanager
def new_folder(place: Place, *, keep: bool = True) -> Iterator[Path]:
    """The store's folder to be, whole or not at all. Raises Refused where something is; StoreFailure."""
    folder = Path(place)
    taken = Refused(
        "store-exists",
        f"{folder} exists already; nothing was changed.",
        try_=("roadlog board", "roadlog --store OTHER-PATH init"),
    )
    with whole_folder(folder, taken, keep=keep) as made:
        (made / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8")
        sync(made / CONFIG)
        yield made
