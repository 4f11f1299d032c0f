"""How messages put names: several in a sentence, and one as the shell takes it."""


def listed(names: list[str] | tuple[str, ...]) -> str:
    """`a, b and c`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def parts_in_words(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Parts of what an approval is about, as people say them: the criteria hold the results that count."""
    return tuple("criteria or their results" if part == "criteria" else part for part in parts)


def quoted(word: str) -> str:
    """A word as the shell takes it."""
    from shlex import quote

    return quote(word)
