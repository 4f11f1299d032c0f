"""How each answer looks for people: imported only when people look, never with `--json`."""
