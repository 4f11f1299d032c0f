"""Peers: other libraries for event sourcing at the same work, each in an environment of its own."""
