"""The evidence pack: a folder that a stranger can check on a clean machine, without roadlog."""
