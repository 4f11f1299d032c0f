"""What a terminal takes: whether colour, and whether it does more than print."""

import os


def is_colourless() -> bool:
    """Whether the environment wants no colour: by NO_COLOR, or a terminal that has none."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb()


def is_dumb() -> bool:
    """Whether the terminal does nothing but print."""
    return os.environ.get("TERM") in ("dumb", "unknown")
