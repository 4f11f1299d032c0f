"""Checkpoints while nothing is recorded, as long as the page is served: so silence shows, too."""

import asyncio
import logging
import os

from starlette.concurrency import run_in_threadpool

from roadlog.application import Application
from roadlog.domain.refusals import RoadlogError

LOOK = 3600.0
"""Seconds from one look to the next; the policy says how many hours may pass without a checkpoint."""


async def watched(folder: str | os.PathLike[str]) -> None:
    """Looks until it is cancelled. What keeps a checkpoint from being made is told in the server's log."""
    while True:
        await run_in_threadpool(look, folder)
        await asyncio.sleep(LOOK)


def look(folder: str | os.PathLike[str]) -> None:
    """Makes a checkpoint where one is due."""
    try:
        with Application.open(folder, client="web") as application:
            application.checkpoint_when_due()
            why = application.unsigned
    except RoadlogError as error:
        why = error.message
    except Exception as error:  # noqa: BLE001 (the next look would not come)
        why = f"{type(error).__name__}: {error}"
    if why:
        logging.getLogger("uvicorn.error").warning("No checkpoint was made. %s", why)
