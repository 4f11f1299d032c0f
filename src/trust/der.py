"""Putting the certificates of a time stamp into the order of DER, which many authorities do not keep.

No signature is over that order, and nothing becomes longer: elements change places. What is not laid out as
https://www.rfc-editor.org/rfc/rfc5652#section-5.1 says is given back as it is, for the parser to refuse.
"""

from collections.abc import Iterator
from typing import NamedTuple

CERTIFICATES = 0xA0
"""The tag of the set of certificates, and of what is wrapped in a ContentInfo."""


class _Element(NamedTuple):
    tag: int
    start: int
    content: int
    end: int


def with_certificates_in_order(answer: bytes) -> bytes:
    """A TimeStampResp, its token's certificates sorted."""
    try:
        (whole,) = _elements(answer, 0, len(answer))
        _, token = _inside(answer, whole)
        _, wrapped = _inside(answer, token)
        (signed,) = _inside(answer, wrapped)
        found = [each for each in _inside(answer, signed) if each.tag == CERTIFICATES]
        certificates = found[0]
        each_one = [answer[each.start : each.end] for each in _inside(answer, certificates)]
    except (ValueError, IndexError):
        return answer
    return answer[: certificates.content] + b"".join(sorted(each_one)) + answer[certificates.end :]


def _inside(data: bytes, element: _Element) -> list[_Element]:
    return list(_elements(data, element.content, element.end))


def _elements(data: bytes, start: int, end: int) -> Iterator[_Element]:
    """One element after the other. Raises ValueError, IndexError where they do not fill the room."""
    while start < end:
        tag, size, content = data[start], data[start + 1], start + 2
        if size >= 0x80:  # the size of the size
            content += size & 0x7F
            size = int.from_bytes(data[start + 2 : content], "big")
        if content + size > end:
            raise ValueError("an element is longer than what holds it")
        yield _Element(tag, start, content, content + size)
        start = content + size
