"""What verifying a store does not prove, in words: it is told with every verdict."""

from collections.abc import Iterator
from pathlib import Path

from roadlog.directory import FILE, HELD, Directory
from roadlog.domain.refusals import StoreFailure
from roadlog.store import Place
from roadlog.trust.anchor import Trusted
from roadlog.trust.approvals import AnchoredAt, SignedApprovals
from roadlog.trust.log_keys import LogKeys
from roadlog.verification.anchors import AnchorsCheck
from roadlog.verification.checkpoints import Anchored, CheckpointsCheck
from roadlog.verification.rules.replay import Replayed

CUT_OFF = (
    "that the end was not cut off in all tables, nor all of it rebuilt: a checkpoint kept outside shows that"
)
CUT_OFF_AFTER = "that no record after {size} was cut off or recorded anew: no anchor covers these"
AT_THE_END = "that the log never went on after {size}, its last record: no anchor would cover that"
WHOSE_KEYS = (
    "whose keys vouch: those beside the store were used, which its owner can write; compare what they are "
    "called above with what you know, or give yours: --witness-key, --tsa-roots"
)
NOT_PROVED = (
    "that files and links named as evidence still hold the bytes that were attached: compare their SHA-256",
)
ASSERTED = "who was at the keyboard: actors are asserted, {but}"
OUTLIVED = (
    "that {positions} were signed before their keys ended: no anchor from before that covers these approvals"
)
NOTHING = "anything: there was no record that could be read"
ERASED = "that what the directory held of {who} is gone: {why}"
NAMES = "whose names the directory holds: `stakeholder list` shows those that fit the log's salted hashes"
UNANCHORED = "that no anchor was taken out: {who} is believed here, and the log holds none of it"
UNSIGNED = "that no checkpoint was taken out: there is log.pub, and the log holds none"
NO_RULES = "that approvals, moves and exceptions were allowed when they were made: the records come first"
IMPORTED = "that what imports brought was so: {count} of the records are as their sources claim, by no rule"


def still_held(folder: Place, erased: set[str]) -> list[str]:
    """What is said while the directory holds what the log says was erased, or cannot be asked."""
    try:
        held = Directory.held(Path(folder), erased) if erased else ()
    except StoreFailure as error:
        return [ERASED.format(who=", ".join(sorted(erased)), why=error.message)]
    return [ERASED.format(who=", ".join(held), why=HELD)] if held else []


def names(folder: Place) -> tuple[str, ...]:
    """What is said where there is a directory: it stands outside of the log."""
    return (NAMES,) if Path(folder, FILE).exists() else ()


def taken_out(keys: LogKeys | None, checkpoints: CheckpointsCheck, anchors: AnchorsCheck) -> Iterator[str]:
    """What is said where files beside the log speak of checkpoints or anchors, and it holds none."""
    if keys is not None and not checkpoints.checkpoints:
        yield UNSIGNED
    vouching = {each.by for each in anchors.vouched}
    for witness in anchors.trusted.witnesses:
        if f"witness {witness}" not in vouching:
            yield UNANCHORED.format(who=f"the witness {witness.name}")
    stamped = any(each.startswith("time-stamp authority ") for each in vouching)
    if anchors.trusted.roots and not stamped and "tsa" not in anchors.unchecked:
        yield UNANCHORED.format(who="a time-stamp authority")


def cut_off(anchored: Anchored, size: int) -> str:
    """What nothing outside vouches for, in a log of so many records."""
    if not anchored.size:
        return CUT_OFF
    return (CUT_OFF_AFTER if anchored.size < size else AT_THE_END).format(size=anchored.size)


def not_shown(anchors: AnchorsCheck, trusted: Trusted | None) -> Iterator[str]:
    """What anchors would show to somebody else, and who says that those who vouch are who they should be."""
    for kind, why in anchors.unchecked.items():
        yield f"what the last anchor by --{kind} shows: {why}"
    if anchors.vouched and trusted is None:
        yield WHOSE_KEYS


def who_acted(approvals: SignedApprovals, since: AnchoredAt) -> Iterator[str]:
    """How far it is proved who acted."""
    many = f"{approvals.signed} of {approvals.approvals} approvals"
    but = f"but for {many}, signed by whoever had the key" if approvals.signed else "no vote is signed"
    yield ASSERTED.format(but=but)
    late = approvals.outlived(since)
    if late:
        yield OUTLIVED.format(positions=", ".join(f"#{each}" for each in late))


def what_rules_allow(judged: Replayed | None) -> Iterator[str]:
    """What the rules do not say; None where they were not asked."""
    if judged is None:
        yield NO_RULES
    elif judged.imported:
        yield IMPORTED.format(count=judged.imported)
