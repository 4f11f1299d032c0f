"""The parts of an initiative as tables: votes, risks, evidence, criteria, edge cases and so on."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from roadlog import words
from roadlog.cli.views import wording
from roadlog.cli.views.screen import Rows, said, toned
from roadlog.cli.views.wording import day
from roadlog.told import initiative as telling

Entries = Sequence[dict[str, Any]]


def votes(entries: Entries, milestone: str | None) -> Rows:
    """Each vote; of those about leaving the present milestone, whether the gate rests on them."""
    return Rows(
        ("#", "Day", "Who", "As", "About", "Decision"),
        [
            (
                said(str(each["position"]), "dim"),
                day(each["at"]),
                said(each["stakeholder"]),
                said(each["role"]),
                said(each["milestone"] or "backlog"),
                _decision(each, milestone),
            )
            for each in entries
        ],
        right=[0],
    )


def _decision(vote: dict[str, Any], milestone: str | None) -> Text:
    """`✓ approved; on C1: Watch resellers weekly`, and why it does not count, or why no gate rested on it."""
    return Text("; ").join(map(toned, telling.vote(vote, milestone)))


def risks(entries: Entries) -> Rows:
    """Each risk with its score, what remains, and what was done about it."""
    return Rows(
        (*_keyed(entries), "ID", "Category", "Score", "Remains", "State", "Risk"),
        [
            (
                *_key(each),
                said(each["id"], "bold"),
                said(each["category"]),
                telling.risk_score(each),
                str(each["residual"]),
                toned(telling.risk_state(each, wording.zone())),
                _with(said(each["description"]), each["treatment"], each["owner"]),
            )
            for each in entries
        ],
        right=[len(_keyed(entries)) + 3],
    )


def _with(text: Text, treatment: str | None, owner: str | None) -> Text:
    """A text, then what was done and who looks after it."""
    if treatment:
        text += said(f" → {treatment}", "green")
    return text + said(f" ({owner})", "dim") if owner else text


def evidence(entries: Entries) -> Rows:
    """Each piece with the beginning of its SHA-256."""
    return Rows(
        (*_keyed(entries), "ID", "#", "Day", "By", "Kind", "SHA-256", "Title"),
        [
            (
                *_key(each),
                said(each["id"], "bold"),
                said(str(each["position"]), "dim"),
                day(each["at"]),
                said(each["by"]),
                said(each["kind"]),
                each["sha256"][:8],
                _titled(each),
            )
            for each in entries
        ],
        right=[len(_keyed(entries)) + 1],
    )


def _titled(evidence: dict[str, Any]) -> Text:
    """Its title and where it is kept; only that where the title is no more than the file's name."""
    title, uri = evidence["title"], evidence["uri"]
    if uri is None:
        return said(title)
    name = uri.rstrip("/").rpartition("/")[2]
    return said(uri) if name == title else said(title) + said(f" {uri}", "dim")


def criteria(entries: Entries) -> Rows:
    """Each criterion with the result that counts."""
    return Rows(
        ("ID", "Milestone", "Threshold", "Result"),
        [
            (
                said(each["id"], "bold"),
                said(each["milestone"]),
                said(telling.threshold(each)),
                toned(*telling.criterion_result(each)),
            )
            for each in entries
        ],
    )


def experiments(entries: Entries) -> Rows:
    """Each experiment with its hypothesis and decision."""
    return Rows(
        ("ID", "Started", "Concluded", "Decision", "Hypothesis"),
        [
            (
                said(each["id"], "bold"),
                day(each["started_at"]),
                day(each["concluded_at"]),
                said(each["decision"] or "running", "bold" if each["decision"] else "yellow"),
                said(each["hypothesis"])
                + (said(f" → {each['summary']}", "green") if each["summary"] else Text()),
            )
            for each in entries
        ],
    )


def edge_cases(entries: Entries) -> Rows:
    """Each edge case and what became of it."""
    return Rows(
        (*_keyed(entries), "ID", "Day", "Severity", "Became", "Edge case"),
        [
            (
                *_key(each),
                said(each["id"], "bold"),
                day(each["at"]),
                str(each["severity"]),
                said(each["outcome"]) if each["outcome"] else said("not triaged", "yellow"),
                said(each["description"])
                + (said(f" ({each['source']})", "dim") if each["source"] else Text()),
            )
            for each in entries
        ],
        right=[len(_keyed(entries)) + 2],
    )


def incidents(entries: Entries) -> Rows:
    """Each incident: known since when, open or closed, reported to whom."""
    return Rows(
        (*_keyed(entries), "ID", "Aware", "Severity", "State", "Incident"),
        [
            (
                *_key(each),
                said(each["id"], "bold"),
                wording.minute(each["aware_at"]),
                str(each["severity"]),
                toned(telling.incident_state(each, wording.zone())),
                said(each["description"]) + _reported(each),
            )
            for each in entries
        ],
        right=[len(_keyed(entries)) + 2],
    )


def _reported(incident: dict[str, Any]) -> Text:
    told = telling.reported(incident, wording.zone())
    return said(f" ({told})", "dim") if told else Text()


def stakeholders(entries: Entries, names: Mapping[str, str]) -> Rows:
    """Who is here, then who left; with a column of names, where the directory holds or held any of theirs."""
    named = any(each["handle"] in names or each["erased_by"] for each in entries)
    return Rows(
        ("Handle", "Kind", "Roles", "Here", *(("Name",) if named else ())),
        [
            (
                said(each["handle"], "bold" if each["left_at"] is None else "dim"),
                said(each["kind"]),
                said(words.several(each["roles"]) or "none"),
                said(
                    f"since {day(each['joined_at'])}"
                    + (f", left {day(each['left_at'])}" if each["left_at"] else "")
                ),
                *((_name(each, names),) if named else ()),
            )
            for each in sorted(entries, key=lambda each: each["left_at"] is not None)
        ],
    )


def keys(entries: Entries) -> Rows:
    """Each key with the time in which it signs, and with whom its holder is one person."""
    persons: dict[str, dict[str, None]] = {}
    for each in entries:
        persons.setdefault(each["person"], {})[each["handle"]] = None
    return Rows(
        ("#", "Handle", "Type", "Fingerprint", "Signs"),
        [
            (
                said(str(each["position"]), "dim"),
                said(each["handle"], "bold" if each["retired_at"] is None else "dim"),
                said("hardware" if each["type"].startswith("sk-") else "file or agent"),
                said(each["fingerprint"]),
                _signs(each, [one for one in persons[each["person"]] if one != each["handle"]]),
            )
            for each in entries
        ],
        right=[0],
    )


def tokens(entries: Entries) -> Rows:
    """Each token, and what it is still good for."""
    return Rows(
        ("#", "Handle", "May", "Until", "The page", ""),
        [
            (
                said(str(each["id"]), "dim"),
                said(each["handle"], "bold" if each["holds"] else "dim"),
                said("read, write" if each["scope"] == "write" else "read"),
                said(day(each["expires_at"])),
                said("signed in" if each["signed_in"] else "code not used yet" if each["code_waits"] else ""),
                said("" if each["holds"] else "revoked" if each["revoked_at"] else "expired", "yellow"),
            )
            for each in entries
        ],
        right=[0],
    )


def log_keys(entries: Entries) -> Rows:
    """Each key that signed the log, since when, and why it came."""
    return Rows(
        ("Since", "Key", "Changed", "Why"),
        [
            (
                said(f"#{each['position'] or 1}", "dim"),
                said(each["key"], "bold" if each is entries[-1] else "dim"),
                said(f"{day(each['changed_at'])} by {each['changed_by']}" if each["position"] else ""),
                said(each["reason"] or ""),
            )
            for each in entries
        ],
        right=[0],
    )


def _signs(key: dict[str, Any], others: Sequence[str]) -> Text:
    text = said(f"from {day(key['valid_from'])}")
    if key["valid_until"]:
        text += said(f" until {day(key['valid_until'])}")
    if key["retired_at"]:
        text += said(f", retired {day(key['retired_at'])}", "yellow")
    if others:
        text += said(f"; one person with {' and '.join(others)}", "yellow")
    return text


def _name(entry: dict[str, Any], names: Mapping[str, str]) -> Text:
    if entry["erased_by"]:
        return said(f"erased by #{entry['erased_by']}", "dim")
    return said(names.get(entry["handle"], ""))


def _keyed(entries: Entries) -> tuple[str, ...]:
    """A column for the key, where the entries say of which initiative they are."""
    return ("Key",) if entries and "key" in entries[0] else ()


def _key(entry: dict[str, Any]) -> tuple[Text, ...]:
    return (said(entry["key"], "bold cyan"),) if "key" in entry else ()
