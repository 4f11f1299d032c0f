"""The rules replayed over a whole log: every record judged where it stands, streamed, in flat memory."""
