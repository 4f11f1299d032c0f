"""Changing the log's key: another one takes its place by a record that both signed.

The new private key is on disk before its record is, and takes the old one's place after it. Cut off in
between, the log goes on with the key that its records say: whoever signs next finds that.
"""

from base64 import b64encode

from msgspec.structs import replace

from roadlog import log_key
from roadlog.application import Application, Done, Wish
from roadlog.domain.commands import ChangeLogKey
from roadlog.domain.log_keys import change_text
from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.trust.note import Signer, Verifier

LOST = (
    "Only the key in force brings in another. Where it is lost, this log takes no more checkpoints: those "
    "that are kept, and its witnesses, show what it held; begin another log for what comes."
)


def rotate(application: Application, wish: Wish) -> Done:
    """Makes a new key and puts it in force, with a checkpoint that it signs; a dry run leaves no file.

    Raises StoreFailure where the key in force cannot be used, Refused, Conflict; Malformed for a wish with a
    time of its own.
    """
    if wish.at is not None:
        message = "A key comes in force when its record is stored, not before: give no --at."
        raise Malformed("log-key", message, try_=("roadlog key rotate --because TEXT",))
    origin, roadmap = application.origin(), application.roadmap()
    last = Verifier.read(roadmap.log_keys[-1].key) if roadmap.log_keys else None
    try:
        old = log_key.signer(application.folder, origin, last)
    except StoreFailure as failure:
        raise StoreFailure(failure.rule, f"{failure.message} {LOST}", try_=failure.try_) from failure
    if not wish.dry_run:  # before a third one comes, the second is in its place
        log_key.settle(application.folder, old.verifier)
    new = log_key.another(origin)
    change = _signed_by_both(origin, roadmap.version + 1, old, new)
    done = application.execute(replace(wish, dry_run=True), change)
    if not wish.dry_run and not done.replayed:
        log_key.keep_waiting(application.folder, new)
        done = application.execute(replace(wish, expect_version=roadmap.version), change)
    if done.roadmap.log_keys and not done.dry_run:
        log_key.settle(application.folder, Verifier.read(done.roadmap.log_keys[-1].key))
    return done


def _signed_by_both(origin: str, version: int, old: Signer, new: Signer) -> ChangeLogKey:
    keys = str(old.verifier), str(new.verifier)
    text = change_text(origin, version, *keys)
    by_old, by_new = (b64encode(each.sign(text).value).decode() for each in (old, new))
    return ChangeLogKey(old=keys[0], new=keys[1], by_old=by_old, by_new=by_new)
