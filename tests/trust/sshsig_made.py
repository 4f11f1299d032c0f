"""SSH signatures made by the specification and without ssh-keygen: good ones, and ones it never makes."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from roadlog.domain.ssh_keys import ED25519, SK_ED25519, PublicKey

APPLICATION = b"ssh:"


def strings(*parts: bytes) -> bytes:
    return b"".join(len(each).to_bytes(4, "big") + each for each in parts)


def public(key: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(kind=ED25519, point=key.public_key().public_bytes_raw())


def in_hardware(key: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(kind=SK_ED25519, point=key.public_key().public_bytes_raw(), application=APPLICATION)


def _message(text: bytes, namespace: str, hash_: str) -> bytes:
    hashed = hashlib.new(hash_, text).digest()
    return b"SSHSIG" + strings(namespace.encode(), b"", hash_.encode(), hashed)


def _wrapped(key: PublicKey, namespace: str, hash_: str, made: bytes) -> str:
    inner = strings(key.blob, namespace.encode(), b"", hash_.encode(), made)
    coded = b64encode(b"SSHSIG\0\0\0\x01" + inner).decode()
    lines = [coded[at : at + 70] for at in range(0, len(coded), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def signed(key: Ed25519PrivateKey, text: bytes, namespace: str, *, hash_: str = "sha512") -> str:
    """As ssh-keygen signs with a key in a file."""
    made = strings(ED25519.encode(), key.sign(_message(text, namespace, hash_)))
    return _wrapped(public(key), namespace, hash_, made)


def signed_in_hardware(
    key: Ed25519PrivateKey, text: bytes, namespace: str, *, flags: int = 0x01, hash_: str = "sha512"
) -> str:
    """As ssh-keygen signs with a FIDO device, which adds its flags and the count of its signatures."""
    device = bytes([flags]) + (7).to_bytes(4, "big")
    hashed = hashlib.sha256(_message(text, namespace, hash_)).digest()
    value = key.sign(hashlib.sha256(APPLICATION).digest() + device + hashed)
    made = strings(SK_ED25519.encode(), value) + device
    return _wrapped(in_hardware(key), namespace, hash_, made)
