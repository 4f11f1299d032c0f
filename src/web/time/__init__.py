"""The time machine: the line of a log's life, the steps that can be taken on it, what marks it."""
