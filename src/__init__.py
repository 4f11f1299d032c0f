"""roadlog: an event-sourced workflow engine for AI roadmaps."""

__version__ = "0.1.0"
