"""The demo, played under a frozen clock."""
