"""The catalogue of events: everything that can happen to a roadmap, by subject."""

from itertools import groupby
from typing import Any

from roadlog.projections.catalogue import catalogue as types
from roadlog.web.asked import Asked


def catalogue(asked: Asked) -> dict[str, Any]:  # noqa: ARG001
    """Each subject with its types, in story order."""
    grouped = groupby(types(), key=lambda each: str(each["subject"]))
    return {"subjects": [(subject, list(found)) for subject, found in grouped]}
