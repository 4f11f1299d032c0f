"""Judging a history by the rules: the wish of each record is found, and decided again as it was then."""
