"""How messages put names: several in a sentence, and one as the shell takes it."""


def listed(names: list[str] | tuple[str, ...]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def quoted(word: str) -> str:
    """A word as the shell takes it."""
    from shlex import quote

    return quote(word)
