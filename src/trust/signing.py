"""Signing approvals with somebody's SSH key, which only ssh-keygen gets to see, here or where they are."""

import os
from datetime import datetime
from typing import NamedTuple

from roadlog.domain.approval_text import namespace
from roadlog.domain.records import Assurance
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.ssh_keys import LINE, PublicKey, read
from roadlog.domain.wording import quoted
from roadlog.trust.approvals import NotTheirs, assurance, check_key, signer
from roadlog.trust.sshsig import BadSignature, Sshsig

PROGRAM = "ssh-keygen"
PATIENCE = 300.0
"""Seconds that somebody has to type a passphrase or to touch a device."""
SAID = 600
"""Characters of what ssh-keygen said that a message has room for."""
TOO_OPEN = "UNPROTECTED PRIVATE KEY FILE"
NO_KEY = "Couldn't load public key"
"""What ssh-keygen says of a key that others may read, and of a file that holds none."""


class KeyFile(NamedTuple):
    """A private key's file, or the `.pub` file of a key that ssh-agent or a FIDO device holds."""

    path: str

    @property
    def named(self) -> str:
        """How messages name it."""
        return repr(self.path)

    @property
    def made(self) -> str:
        """How messages name what it made."""
        return f"What {PROGRAM} made with {self.named}"

    @property
    def public(self) -> str:
        """Where its public half usually is."""
        return self.path if self.path.endswith(".pub") else f"{self.path}.pub"

    @property
    def key(self) -> PublicKey | None:
        """Its public half, as far as that is where it usually is."""
        try:
            with open(self.public, encoding="utf-8") as file:
                return read(file.read(LINE))
        except (OSError, ValueError):
            return None

    @property
    def in_hardware(self) -> bool:
        """Whether a FIDO device holds it, as far as its public half is where it usually is."""
        return self.key is not None and self.key.hardware

    def sign(self, text: str, namespace: str) -> str:
        """What `ssh-keygen -Y sign` makes of the text, not checked yet. It asks on the terminal by itself.

        Raises Malformed where there is no such file, Refused where no signature comes of it.
        """
        import subprocess

        if not os.path.isfile(self.path):
            raise Malformed("key-file", f"There is no file {self.path!r} to sign with.", missing=("--sign",))
        words = [_program(), "-Y", "sign", "-n", namespace, "-f", os.path.abspath(self.path)]
        try:
            done = subprocess.run(
                words, input=text.encode(), capture_output=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise self._refused(f"nothing came of it in {PATIENCE:.0f} seconds") from None
        except OSError as error:
            raise self._refused(str(error.strerror)) from error
        if done.returncode:
            raise self._failed(_heard(done.stderr) or f"it ended with {done.returncode}")
        return done.stdout.decode("utf-8", "replace")

    def _failed(self, heard: str) -> Malformed | Refused:
        """Of what ssh-keygen says most often, what it means here."""
        if TOO_OPEN in heard:
            private = self.path.removesuffix(".pub")
            why = f"others than its owner may read {private}, and {PROGRAM} takes no such key."
            return self._refused(why, f"chmod 600 {quoted(private)}")
        if heard.startswith(NO_KEY):
            message = (
                f"{self.path!r} is no SSH key to sign with, and {self.public!r} is no public half of one."
            )
            return Malformed("key-file", message, missing=("--sign",), try_=("roadlog key list",))
        return self._refused(heard)

    def _refused(self, why: str, try_: str = "roadlog key list") -> Refused:
        message = f"{PROGRAM} made no signature with {self.path!r}: {why}"
        return Refused("signing", message, missing=("signature",), try_=(try_,))


class GivenSignature(NamedTuple):
    """A signature that its holder made elsewhere, over the text that they were shown."""

    text: str

    @property
    def named(self) -> str:
        """How messages name it."""
        return "that signature"

    @property
    def made(self) -> str:
        """How messages name what it is."""
        return "What was given"

    @property
    def public(self) -> str:
        """Where its public half is, which only its holder knows."""
        return "PUBFILE"

    @property
    def key(self) -> PublicKey | None:
        """The key that it names, as far as it is a signature."""
        try:
            return Sshsig.read(self.text).key
        except BadSignature:
            return None

    def sign(self, text: str, namespace: str) -> str:  # noqa: ARG002
        """It, not checked yet."""
        return self.text


class Signed(NamedTuple):
    """A signature, None in a dry run, and how sure it makes it who signed."""

    signature: str | None
    assurance: Assurance


class Signing:
    """Signs what one wish approves; in a dry run it only keeps the texts.

    texts: what was to be signed, in order
    """

    def __init__(self, key: KeyFile | GivenSignature, *, dry_run: bool) -> None:
        self._key = key
        self._dry_run = dry_run
        self.texts: list[str] = []

    def sign(self, text: str, origin: str, handle: str, roadmap: RoadmapState, now: datetime) -> Signed:
        """The signature of the text by a key that the stakeholder may sign with now.

        A dry run makes none, and says how sure it would be by whichever of their keys is the least so.

        Raises Malformed without the file, Refused where ssh-keygen refuses, or the key is not theirs.
        """
        self.texts.append(text)
        keys = [each for each in roadmap.keys_of(handle) if each.retired_by is None and each.signs_at(now)]
        if not keys:
            raise self._not_theirs(f"{handle} has no key that may sign now", self._key.key, roadmap, handle)
        if self._dry_run:
            in_hardware = all(read(each.public_key).hardware for each in keys)
            return Signed(None, "hardware" if in_hardware else "signed")
        signature = self._key.sign(text, namespace(origin))
        try:
            key = signer(signature, text, origin)
            check_key(key, roadmap, handle, now)
        except BadSignature as error:
            message = f"{self._key.made} is no signature to record: {error}."
            raise Refused("signing", message, missing=("signature",), try_=("roadlog key list",)) from error
        except NotTheirs as error:
            raise self._not_theirs(str(error), key, roadmap, handle) from error
        return Signed(signature, assurance(key))

    def _not_theirs(self, why: str, key: PublicKey | None, roadmap: RoadmapState, handle: str) -> Refused:
        """What to do next never makes two people one: enrolling is offered of a key that nobody has."""
        theirs = [each.fingerprint for each in roadmap.keys_of(handle) if each.retired_by is None]
        if theirs:
            why += f". {handle} signs with {' or '.join(theirs)}"
        enrol = f"roadlog key enrol {quoted(handle)}"
        try_: tuple[str, ...] = ("roadlog key list",)
        if key is not None and all(each.public_key != key.text for each in roadmap.keys):
            try_ = (f"{enrol} {quoted(self._key.public)}", *try_)
        elif not theirs:
            try_ = (f"{enrol} PUBFILE", *try_)
        return Refused(
            "key", f"{handle} cannot sign with {self._key.named}: {why}.", missing=("key",), try_=try_
        )


def _program() -> str:
    """Where ssh-keygen is: looked up on the path, never taken from git's settings. Raises Refused."""
    from shutil import which

    found = which(PROGRAM)
    if found is None:
        raise Refused(
            "signing",
            f"{PROGRAM} is not on the path, and it makes the signature. It comes with OpenSSH: on Debian or "
            "Ubuntu sudo apt install openssh-client.",
            missing=(PROGRAM,),
            try_=("roadlog approve --help",),
        )
    return os.path.abspath(found)


def _heard(said: bytes) -> str:
    """What a program said on stderr, in one line."""
    lines = said.decode("utf-8", "replace").split("\n")
    return " ".join(" ".join(lines).split())[:SAID]
