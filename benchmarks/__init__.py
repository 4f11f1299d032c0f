"""The performance figures of the README, measured by `make bench`: each a ratio to bare work."""
