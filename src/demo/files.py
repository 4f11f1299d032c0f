"""The evidence that the history refers to: small files that the demo writes, the same bytes every time."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from roadlog.demo.texts import TEXTS

TOPICS = ("refund", "invoice number", "vat", "reminder", "import", "login", "bank link", "plan change")
SEGMENTS = ("freelancers", "agencies", "accounting firms")
SHARES = (60, 30, 10)
"""Percent of trial accounts in each segment."""
FOLDER = "evidence"


def write(folder: Path) -> None:
    """Writes every file of evidence into the demo's folder. Raises OSError."""
    (folder / FOLDER).mkdir(parents=True)
    for name, text in {**TEXTS, **_tables()}.items():
        (folder / FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def _tables() -> dict[str, str]:
    return {
        "tickets.csv": _csv(
            "ticket,language,topic,words,agent_minutes,label", _tickets("T", 240, german_every=11)
        ),
        "tickets-german.csv": _csv(
            "ticket,language,topic,words,agent_minutes,label", _tickets("G", 180, german_every=1)
        ),
        "trials.csv": _csv("account,segment,steps_done,first_invoice", _trials("A", 300)),
        "trials-since-wizard.csv": _csv("account,segment,steps_done,first_invoice", _trials("W", 120)),
    }


def _csv(header: str, rows: Iterable[str]) -> str:
    return "\n".join((header, *rows, ""))


def _tickets(prefix: str, count: int, *, german_every: int) -> Iterable[str]:
    for number in range(1, count + 1):
        topic = TOPICS[_pick(f"{prefix} topic {number}", len(TOPICS))]
        language = "de" if number % german_every == german_every // 2 else "en"
        words, minutes = (
            12 + _pick(f"{prefix} words {number}", 140),
            4 + _pick(f"{prefix} minutes {number}", 27),
        )
        article = f"help/{topic.replace(' ', '-')}-{1 + _pick(f'{prefix} label {number}', 5)}"
        yield f"{prefix}{number:04},{language},{topic},{words},{minutes},{article}"


def _trials(prefix: str, count: int) -> Iterable[str]:
    for number in range(1, count + 1):
        draw = _pick(f"{prefix} segment {number}", 100)
        segment = SEGMENTS[(draw >= SHARES[0]) + (draw >= SHARES[0] + SHARES[1])]
        done = _pick(f"{prefix} steps {number}", 13)
        invoiced = _pick(f"{prefix} invoice {number}", 100) < 10 + 5 * done
        yield f"{prefix}{number:04},{segment},{done},{'yes' if invoiced else 'no'}"


def _pick(name: str, below: int) -> int:
    """A number from 0 up to `below`, evenly spread, and always the same for the same name."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % below
