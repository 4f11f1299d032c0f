"""What is said of a vote beside its record: what changed since the last one, and why it may not count."""

from collections.abc import Iterator

from roadlog.application import Done
from roadlog.cli import recorded
from roadlog.recorded import since_sentence, unasked_sentence, vote_json


def tell(done: Done) -> None:
    """Prints what was recorded, what changed since the voter's last vote, and what the vote does not do."""
    beside = vote_json(done)
    changes, unasked = beside["since_last_vote"], beside["unasked"]
    said = [*map(since_sentence, changes), *map(unasked_sentence, unasked), *_to_sign(done)]
    recorded.tell(done, said=said, **beside)


def _to_sign(done: Done) -> Iterator[str]:
    """What a dry run would sign, line by line."""
    for text in done.texts:
        yield "This would be signed:"
        yield from text.splitlines()
