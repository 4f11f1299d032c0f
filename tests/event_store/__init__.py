"""Tests of the event store, which knows nothing about roadmaps."""
