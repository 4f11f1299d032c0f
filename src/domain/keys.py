"""Keys: `SUP` is a roadmap's own, `SUP-12` that of its twelfth initiative."""


def number_of(key: str) -> int:
    """An initiative's number, 12 of `SUP-12`, in whose order initiatives stand; 0 of a roadmap, the first."""
    digits = key.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
