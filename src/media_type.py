"""Which type a file is of."""


def media_type(name: str) -> str:
    """By the name's ending, from Python's own table: the same on every machine."""
    import mimetypes

    return mimetypes.MimeTypes().guess_type(name)[0] or "application/octet-stream"
