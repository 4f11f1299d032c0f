"""Files that are no text to import: what they are instead, told by their first bytes."""

import codecs
import re

from roadlog.domain.refusals import Malformed

HEAD = 512
"""As many bytes of a file tell its format."""
HTML = re.compile(rb"\s*<(!doctype html|html|head)\b", re.IGNORECASE)
SIXTEEN_BITS = re.compile(rb"[^\0]\0|\0[^\0]")
"""How a text in UTF-16 begins that has no byte order mark."""


def check_is_text(file: str, head: bytes) -> None:
    """Raises Malformed for a file that is packed, a page of the web, or not in UTF-8."""
    if found := _other_format(head.removeprefix(codecs.BOM_UTF8)):
        raise Malformed("import", f"{file}: this is {found}.")


def _other_format(head: bytes) -> str | None:
    if HTML.match(head):
        return "HTML, perhaps a page to log in: give the address of the interface, an account and a token"
    if head.startswith(b"\x1f\x8b"):
        return "gzip: unpack it first"
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive, as a spreadsheet (.xlsx) is, too: unpack it first, or save the sheet as CSV"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or SIXTEEN_BITS.match(head):
        return "UTF-16: save it as UTF-8"
    return None
