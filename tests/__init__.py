"""The tests: they mirror the tree."""

from freezegun import configure

# Times that were read from a record are real ones under a frozen clock, too: msgspec writes no other.
configure(extend_ignore_list=["roadlog.domain.moments"])
