"""Signatures by SSH keys, as `ssh-keygen -Y sign` makes them: read strictly, and checked over a text.

The form is that of OpenSSH's PROTOCOL.sshsig; signatures by FIDO hardware are those of PROTOCOL.u2f.
"""

import hashlib
from base64 import b64encode
from typing import NamedTuple, Self

from roadlog.domain.ssh_keys import BadKey, PublicKey, decoded, from_blob, strings
from roadlog.trust.note import SIGNATURE, BadNote, check_ed25519

BEGIN = "-----BEGIN SSH SIGNATURE-----\n"
END = "-----END SSH SIGNATURE-----\n"
MAGIC = b"SSHSIG"
VERSION = (1).to_bytes(4)
WIDTH = 70
"""Characters of a line between BEGIN and END, but for the last."""
LARGEST = 8192
"""Characters of a signature, at most."""
HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
TOUCHED = 0x01
"""The flag by which a FIDO device says that somebody touched it."""


class BadSignature(ValueError):
    """It is no signature, or not over this text, by the key that it names, for this purpose."""


class Sshsig(NamedTuple):
    """A signature: by which key, for what, over which hash of the text, and what the key made of it.

    signature: the 64 bytes of Ed25519
    device: of a FIDO key, its flags and the count of its signatures, in five bytes; else empty
    """

    key: PublicKey
    namespace: str
    hash: str
    signature: bytes
    device: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From what `ssh-keygen -Y sign` writes, and in no other form of it. Raises BadSignature."""
        if len(text) > LARGEST:
            raise BadSignature(f"it is longer than {LARGEST:,} characters")
        try:
            found = cls._from_blob(decoded(_between(text)))
        except BadKey as error:
            raise BadSignature(str(error)) from error
        if found.write() != text:
            raise BadSignature("it is not written as ssh-keygen writes signatures")
        return found

    @classmethod
    def _from_blob(cls, blob: bytes) -> Self:
        if not blob.startswith(MAGIC + VERSION):
            raise BadSignature("it is no SSH signature of version 1")
        (key, namespace, reserved, hash_, made), rest = strings(blob[len(MAGIC + VERSION) :], 5)
        if rest or reserved:
            raise BadSignature("it holds more than a signature does")
        public = from_blob(key)
        (kind, signature), device = strings(made, 2)
        if kind != public.kind.encode() or len(signature) != SIGNATURE:
            raise BadSignature(f"it holds no signature of the kind {public.kind}")
        if len(device) != (5 if public.hardware else 0):
            raise BadSignature("what a device adds is missing, or too much")
        name = hash_.decode("ascii", "replace")
        if name not in HASHES:
            raise BadSignature("its hash is neither sha256 nor sha512")
        try:
            return cls(public, namespace.decode(), name, signature, device)
        except UnicodeDecodeError as error:
            raise BadSignature("what it was made for is no UTF-8 text") from error

    def write(self) -> str:
        """As ssh-keygen writes it."""
        made = _wire(self.key.kind.encode(), self.signature) + self.device
        parts = (self.key.blob, self.namespace.encode(), b"", self.hash.encode(), made)
        encoded = b64encode(MAGIC + VERSION + _wire(*parts)).decode()
        lines = [encoded[at : at + WIDTH] + "\n" for at in range(0, len(encoded), WIDTH)]
        return "".join([BEGIN, *lines, END])

    def check(self, text: bytes, namespace: str) -> None:
        """Raises BadSignature unless its key made it over the text, for the namespace; FIDO keys by touch."""
        if self.namespace != namespace:
            raise BadSignature(f"it was made for {self.namespace!r}, not for {namespace!r}")
        hashed = HASHES[self.hash](text).digest()
        signed = MAGIC + _wire(namespace.encode(), b"", self.hash.encode(), hashed)
        if self.key.hardware:
            if not self.device[0] & TOUCHED:
                raise BadSignature("nobody touched the device that made it")
            application = hashlib.sha256(self.key.application).digest()
            signed = application + self.device + hashlib.sha256(signed).digest()
        try:
            check_ed25519(self.key.point, self.signature, signed, self.key.fingerprint)
        except BadNote as error:
            raise BadSignature(str(error)) from error


def _between(text: str) -> str:
    """The base64 between BEGIN and END. Raises BadSignature."""
    if not text.startswith(BEGIN) or not text.endswith(f"\n{END}"):
        raise BadSignature("it does not begin and end as SSH signatures do")
    return text.removeprefix(BEGIN).removesuffix(END).replace("\n", "")


def _wire(*parts: bytes) -> bytes:
    """Strings as SSH writes them one after the other (RFC 4251, section 5)."""
    return b"".join(len(each).to_bytes(4) + each for each in parts)
