"""Public keys as OpenSSH writes them: read, written in one way, and named by their fingerprints.

The form is that of RFC 4253, section 6.6, with the keys of RFC 8709 and, for FIDO hardware, of OpenSSH's
PROTOCOL.u2f.
"""

import binascii
from base64 import b64decode, b64encode

from msgspec import Struct

ED25519 = "ssh-ed25519"
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
KINDS = (ED25519, SK_ED25519)
LINE = 4096
"""Characters of a public key's line, at most."""
POINT = 32
"""Bytes of an Ed25519 public key."""


class BadKey(ValueError):
    """It is no public key that can sign approvals."""


class PublicKey(Struct, frozen=True, kw_only=True):
    """A public key. `application` is what a key in FIDO hardware was made for, empty for one in a file."""

    kind: str
    point: bytes
    application: bytes = b""

    @property
    def hardware(self) -> bool:
        """Whether its private half never leaves a FIDO device, which somebody has to touch."""
        return self.kind == SK_ED25519

    @property
    def blob(self) -> bytes:
        """As it stands in a signature."""
        parts = [self.kind.encode(), self.point, *([self.application] if self.hardware else [])]
        return b"".join(len(each).to_bytes(4) + each for each in parts)

    @property
    def text(self) -> str:
        """The one line that stands for it: kind and base64, without a comment."""
        return f"{self.kind} {b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """Its name, as `ssh-keygen -l` says it: `SHA256:` and the base64 of its hash without padding."""
        from hashlib import sha256

        return f"SHA256:{b64encode(sha256(self.blob).digest()).decode().rstrip('=')}"


def read(text: str) -> PublicKey:
    """The key of a `.pub` file: kind, base64 and perhaps a comment, in one line. Raises BadKey."""
    line = text.strip()
    if len(line) > LINE or "\n" in line:
        raise BadKey(f"a public key is one line of at most {LINE:,} characters")
    kind, _, rest = line.partition(" ")
    if kind not in KINDS:
        raise BadKey(f"it is none of {' and '.join(KINDS)}, the kinds of keys that sign approvals")
    encoded = rest.partition(" ")[0]
    key = from_blob(decoded(encoded))
    if key.kind != kind:
        raise BadKey("it says it is of one kind, and is of another")
    return key


def fingerprint(text: str) -> str:
    """The name of the key of a line; of one that holds none, which no command records, that it is none."""
    try:
        return read(text).fingerprint
    except BadKey:
        return "no key"


def from_blob(blob: bytes) -> PublicKey:
    """The key that stands in a signature. Raises BadKey."""
    (first,), _ = strings(blob, 1)
    kind = next((each for each in KINDS if each.encode() == first), None)
    if kind is None:
        raise BadKey(f"it is none of {' and '.join(KINDS)}, the kinds of keys that sign approvals")
    (_, point, *more), rest = strings(blob, 3 if kind == SK_ED25519 else 2)
    if rest or len(point) != POINT:
        raise BadKey(f"it is no key of the kind {kind}")
    return PublicKey(kind=kind, point=point, application=more[0] if more else b"")


def strings(blob: bytes, many: int) -> tuple[list[bytes], bytes]:
    """That many strings of SSH's wire format (RFC 4251, section 5), and what follows. Raises BadKey."""
    found = []
    for _ in range(many):
        length = int.from_bytes(blob[:4])
        if len(blob) < 4 + length or len(blob) < 4:
            raise BadKey("it ends too early")
        found.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return found, blob


def decoded(text: str) -> bytes:
    """The bytes of a base64 text, which is written as base64 is and in no other way. Raises BadKey."""
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("it holds no base64 where it should") from error
    if b64encode(found).decode() != text:
        raise BadKey("its base64 is not written as base64 is")
    return found
