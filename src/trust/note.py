"""Signed notes, as C2SP specifies them: a text, and below it a line for each signature.

https://c2sp.org/signed-note. Keys are Ed25519; a note may hold signatures of keys that nobody here knows,
which are left alone.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LARGEST = 1_000_000
"""Bytes of a note, at most."""
MOST = 100
"""Signatures of a note, at most."""
SIGNED = "— "
"""What a line of a signature begins with."""
PRIVATE_LINE = "PRIVATE+KEY+"
"""What a private key's line begins with."""
ED25519 = 0x01
"""The kind of a signature over the text alone."""
ID = 4
"""Bytes of a key's id."""
PUBLIC, SIGNATURE = 32, 64
"""Bytes of an Ed25519 key and of a signature: https://www.rfc-editor.org/rfc/rfc8032."""


class BadNote(ValueError):
    """It is no signed note, no key, or not signed by the key that it names."""


class Signature(NamedTuple):
    """A line of a note. `key` is the id of the key that made it; `value` is what that kind of key makes."""

    name: str
    key: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{SIGNED}{self.name} {b64encode(self.key + self.value).decode()}\n"


class Note(NamedTuple):
    """A text, which ends in a newline, and its signatures in their order."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises BadNote."""
        if len(content) > LARGEST:
            raise BadNote(f"it is longer than {LARGEST:,} bytes")
        try:
            whole = content.decode()
        except UnicodeDecodeError as error:
            raise BadNote(f"it is no UTF-8 text (at byte {error.start + 1})") from error
        if any((each < " " and each != "\n") or each == "\x7f" for each in whole):
            raise BadNote("it holds control characters")
        text, blank, below = whole.rpartition("\n\n")
        if not blank or not below.endswith("\n"):
            raise BadNote("no signatures stand below a blank line")
        lines = below.removesuffix("\n").split("\n")
        if len(lines) > MOST:
            raise BadNote(f"it has more than {MOST} signatures")
        return cls(f"{text}\n", tuple(map(_signature, lines)))

    def write(self) -> bytes:
        """As it is kept and sent."""
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()

    def and_signed(self, more: Iterable[Signature]) -> Self:
        """With more signatures; one that is there stays once."""
        return self._replace(signatures=tuple(dict.fromkeys((*self.signatures, *more))))


class Verifier(NamedTuple):
    """A public key that signs notes under a name."""

    name: str
    public: bytes
    kind: int = ED25519

    @classmethod
    def read(cls, text: str) -> Self:
        """From `name+id+key`, as `str` gives it. Raises BadNote."""
        if text.startswith(PRIVATE_LINE):
            raise BadNote("it is a private key, which stays where it is: give the public one")
        name, *rest = text.strip().split("+", 2)
        if len(rest) != 2:
            raise BadNote("a public key is a name, an id and a key with + between them")
        blob = decoded(rest[1])
        if len(blob) != 1 + PUBLIC:
            raise BadNote("its key is no Ed25519 key")
        found = cls(checked(name), blob[1:], blob[0])
        if found.id.hex() != rest[0]:
            raise BadNote("its id is not that of its name and key")
        return found

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ key)."""
        return sha256(self.name.encode() + bytes([0x0A, self.kind]) + self.public).digest()[:ID]

    def signed(self, note: Note) -> Signature | None:
        """Its signature of the note; None where there is none. Raises BadNote for one that is not its."""
        for each in note.signatures:
            if (each.name, each.key) == (self.name, self.id):
                self.check(note.text, each)
                return each
        return None

    def check(self, text: str, signature: Signature) -> None:
        """Raises BadNote unless the key made the signature over the text."""
        check_ed25519(self.public, signature.value, text.encode(), self.name)


class Signer:
    """A private key that signs notes under a name."""

    kind: ClassVar[int] = ED25519

    def __init__(self, name: str, private: "Ed25519PrivateKey") -> None:
        self._private = private
        self.verifier = Verifier(checked(name), private.public_key().public_bytes_raw(), self.kind)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """From the 32 bytes that an Ed25519 key is made of."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def read(cls, text: str) -> Self:
        """From `PRIVATE+KEY+name+id+seed`, as `str` gives it. Raises BadNote."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise BadNote("it is no private key of a signed note")
        _, _, name, key, seed = parts
        blob = decoded(seed)
        if len(blob) != 1 + PUBLIC or blob[0] != cls.kind:
            raise BadNote("its key is no Ed25519 key of this kind")
        found = cls.from_seed(name, blob[1:])
        if found.verifier.id.hex() != key:
            raise BadNote("its id is not that of its name and key")
        return found

    def __str__(self) -> str:
        seed = self._private.private_bytes_raw()
        blob = b64encode(bytes([self.kind]) + seed).decode()
        return f"{PRIVATE_LINE}{self.verifier.name}+{self.verifier.id.hex()}+{blob}"

    def sign(self, text: str) -> Signature:
        """Its signature over a text, which ends in a newline."""
        return Signature(self.verifier.name, self.verifier.id, self._private.sign(text.encode()))


def checked(name: str) -> str:
    """The name of a key, which has neither blanks nor +. Raises BadNote for another."""
    if not name or "+" in name or any(each.isspace() or each < " " or _is_half(each) for each in name):
        raise BadNote("a key's name has neither blanks nor +")
    return name


def _is_half(character: str) -> bool:
    """Half a character, as Python makes of bytes that are not UTF-8."""
    return "\ud800" <= character <= "\udfff"


def check_ed25519(public: bytes, signature: bytes, message: bytes, name: str) -> None:
    """Raises BadNote unless the key made the signature over the message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise BadNote(f"the signature of {name} is not over this text, or not by this key") from error


def _signature(line: str) -> Signature:
    name, blank, blob = line.removeprefix(SIGNED).partition(" ")
    if not line.startswith(SIGNED) or not blank:
        raise BadNote("a signature is a dash, a name and base64")
    found = decoded(blob)
    if len(found) <= ID:
        raise BadNote("a signature is shorter than a key's id")
    return Signature(checked(name), found[:ID], found[ID:])


def decoded(text: str) -> bytes:
    """The bytes of a base64 text, which is written as base64 is and in no other way. Raises BadNote."""
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("it holds no base64 where it should") from error
    if b64encode(found).decode() != text:
        raise BadNote("its base64 is not written as base64 is")
    return found
