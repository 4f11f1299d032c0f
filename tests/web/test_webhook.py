"""A webhook: every record and every decision newly owed arrives, in order, whatever fails in between."""

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from roadlog.application import Application, Wish
from roadlog.domain.commands import (
    AcceptRisk,
    AddNote,
    AddStakeholder,
    AdvanceMilestone,
    Approve,
    Command,
    LogEdgeCase,
    LogRisk,
    RequestApproval,
)
from roadlog.web import webhook
from roadlog.web.posting import Delivery, receiver, signature
from roadlog.web.webhook import Webhook
from tests.stores import Store, team_store
from tests.web.receiving import MOODS, Arrived, Receiver, faults, told
from tests.web.serving import running

QUICKLY = """
from roadlog.web import posting, webhook
webhook.LOOK = webhook.FIRST = webhook.ASIDE = 0.02
webhook.LONGEST, posting.PATIENCE = 0.2, 0.3
"""
START = "\nfrom roadlog.cli.main import main; main()"
SKIPPING = (
    QUICKLY
    + "webhook.Webhook._is_delivered = lambda self, each: [webhook.post(self._to, each, self._secret)]"
)
BODY = b'{"delivery":"a","record":{"position":1}}'
KNOWN = "of at least sixteen characters"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with an initiative: 8 records, long ago."""
    with team_store(tmp_path / ".roadlog") as store:
        store.define()
    return store.folder


def do(folder: Path, *commands: Command) -> None:
    """One command as paula types it, now."""
    with Application.open(folder) as application:
        application.execute(Wish(actor="paula"), *commands)


def note(text: str) -> AddNote:
    return AddNote(stream="SUP-1", text=text)


def case(number: int) -> LogEdgeCase:
    """Something severe, of which it is to be decided what becomes of it."""
    return LogEdgeCase(stream="SUP-1", description=f"Case {number}", severity=5)


def decision(number: int) -> str:
    return f"Decide what becomes of E{number}, severity 5: Case {number}"


EXPECTED = [
    *(9, 10, decision(1), 11, 12, decision(2)),
    *(13, 14, decision(3), 15, 16, decision(4), 17, decision(5), 18),
    *(19, decision(6), 20),
]


def story(
    folder: Path, starting: str, *, between: Callable[[], object] = lambda: None, patience: float = 3
) -> list[str]:
    """Records and decisions while the receiver fails, the server is killed and the receiver is away.

    Gives what is wrong with what arrived.
    """
    asked = Receiver(MOODS)
    serving = partial(running, folder, "--webhook", asked.url, starting=starting + START)
    with asked.open(), serving() as (process, _):
        do(folder, note("a"))
        do(folder, case(1))
        do(folder, note("b"))
        do(folder, case(2))
        asked.until(12, patience)
        process.kill()
        process.wait()
    do(folder, note("c"))
    do(folder, case(3))
    between()
    with serving():
        do(folder, note("d"), case(4))  # one command
        do(folder, case(5))
        do(folder, note("e"))
        with asked.open():
            do(folder, case(6))
            do(folder, note("f"))
            asked.until(20, patience)
    secret = (folder / "webhook.secret").read_text(encoding="utf-8").strip()
    return faults(asked.arrived, EXPECTED, secret)


def test_everything_arrives_in_order_whatever_fails(folder: Path) -> None:
    assert story(folder, QUICKLY, patience=30) == []


def test_a_sender_that_leaves_out_what_fails_is_caught(folder: Path) -> None:
    found = story(folder, SKIPPING)
    assert [each for each in found if each.startswith("taken: ")]


def test_a_sender_that_forgets_is_caught(folder: Path) -> None:
    (found, *_) = story(folder, QUICKLY, between=(folder / "webhooks.db").unlink)
    assert found.startswith("arrived: ")


def test_who_signs_with_another_secret_is_caught() -> None:
    delivery = Arrived("a", signature(KNOWN, BODY, 1), BODY, taken=True)
    assert faults([delivery], [1], KNOWN) == []
    assert faults([delivery], [1], f"{KNOWN}.") == ["not signed: 1"]
    assert faults([delivery, delivery._replace(body=BODY + b" ")], [1], KNOWN) == [
        "not signed: 1",
        "one id of two things",
    ]


class Sender:
    """A webhook that is told step by step, in this process.

    sent: what was posted; why: what the receiver says next, None where it takes everything
    """

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[object] = []
        self.warned: list[str] = []
        self.answers: list[str | None] = []
        monkeypatch.setattr(webhook, "post", self._post)
        monkeypatch.setattr(webhook, "FIRST", 0.0)
        self._webhook = Webhook(store.folder, receiver("http://127.0.0.1:1/"), KNOWN, self.warned.append)
        self._webhook.begin()

    def _post(self, *given: Any) -> str | None:
        delivery: Delivery = given[1]
        why = self.answers.pop(0) if self.answers else None
        if why is None:
            self.sent.append(told(Arrived(delivery.id, "", delivery.body, taken=True)))
        return why

    def tells(self) -> list[object]:
        """Whatever there is to tell now."""
        self.sent.clear()
        while self._webhook._is_told():
            pass
        return list(self.sent)


@pytest.fixture
def sender(team: Store, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Of a store with an initiative of which something was to be decided before."""
    team.define()
    team.do(case(1))
    return Sender(team, monkeypatch)


def test_a_webhook_begins_with_what_comes(team: Store, sender: Sender) -> None:
    assert sender.tells() == []
    team.do(note("a"))
    assert sender.tells() == [10]


def test_a_decision_is_told_again_once_it_is_owed_again(team: Store, sender: Sender) -> None:
    team.do(AdvanceMilestone(stream="SUP-1"))
    team.do(RequestApproval(stream="SUP-1", roles=("compliance",)))
    assert sender.tells() == [10, 11, "Decide as compliance on leaving feasibility"]
    team.do(note("Nothing new"))
    assert sender.tells() == [12]
    team.do(Approve(stream="SUP-1"), by="carla")
    assert sender.tells() == [13]
    team.do(
        LogRisk(
            stream="SUP-1", description="It invents rules", category="hallucination", likelihood=4, impact=4
        )
    )
    stale = "Decide as compliance on leaving feasibility (risks changed since the vote)"
    assert sender.tells() == [14, stale]


def test_who_owes_it_too_is_told(team: Store, sender: Sender) -> None:
    team.do(AdvanceMilestone(stream="SUP-1"), RequestApproval(stream="SUP-1", roles=("compliance",)))
    assert sender.tells() == [10, 11, "Decide as compliance on leaving feasibility"]
    team.do(AddStakeholder(stakeholder="cem", roles=("compliance",)))
    assert sender.tells() == [12, "Decide as compliance on leaving feasibility"]


SOON = 25
"""Days after which an acceptance of 30 is about to lapse."""


def accepted(team: Store) -> str:
    """Three records: a risk of SUP-1 is accepted for 30 days. Gives what to decide once that lapses soon."""
    team.do(
        LogRisk(
            stream="SUP-1", description="It invents rules", category="hallucination", likelihood=4, impact=4
        )
    )
    until = team.now + timedelta(days=30)
    team.do(AcceptRisk(stream="SUP-1", risk="R1", until=until))
    team.do(AdvanceMilestone(stream="SUP-1"))
    return f"The acceptance of R1 lapses on {until.date()}: treat it, or accept anew"


def test_what_time_alone_makes_owed_is_told(team: Store, sender: Sender) -> None:
    lapse = accepted(team)
    assert sender.tells() == [10, 11, 12]
    team.clock.tick(timedelta(days=SOON))
    assert sender.tells() == [lapse]
    team.clock.tick(timedelta(minutes=2))
    assert sender.tells() == []


def test_what_time_alone_makes_owed_is_told_once_whatever_lands_while_it_is_looked(
    team: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    lapse = accepted(team)
    sender.tells()
    team.clock.tick(timedelta(days=SOON))
    assert sender.tells() == [lapse]
    team.clock.tick(timedelta(minutes=2))
    late = [note("It lands in between")]
    look = sender._webhook._is_judged

    def looks() -> bool:
        if late:
            team.do(late.pop())
        return look()

    monkeypatch.setattr(sender._webhook, "_is_judged", looks)
    assert (sender.tells(), sender.tells()) == ([], [13])
    team.clock.tick(timedelta(minutes=2))
    assert sender.tells() == []


def test_what_time_alone_makes_owed_is_told_though_others_record_all_the_time(
    team: Store, sender: Sender
) -> None:
    other = team.define()
    lapse = accepted(team)
    *_, last = sender.tells()
    team.clock.tick(timedelta(days=SOON))
    team.do(AddNote(stream=other, text="Something else"))
    assert isinstance(last, int)
    assert sender.tells() == [last + 1, lapse]


def test_a_defect_is_said_once_and_ends_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    taken = threading.Event()
    wrongs = ["one", "two"]

    def wrong(*_: object) -> None:
        if wrongs:
            raise KeyError(wrongs.pop(0))
        taken.set()

    monkeypatch.setattr(webhook, "post", wrong)
    monkeypatch.setattr(webhook, "LOOK", 0.01)
    monkeypatch.setattr(webhook, "ASIDE", 0.01)
    with webhook.told(folder, receiver("http://127.0.0.1:1/"), KNOWN, said.append):
        do(folder, note("a"))
        assert taken.wait(20)
    assert said == [
        "http://127.0.0.1:1/ cannot be told: KeyError: 'one'. It is tried again.",
        "http://127.0.0.1:1/ takes deliveries again.",
    ]


def test_what_fails_is_said_once_and_that_it_is_over(team: Store, sender: Sender) -> None:
    team.do(note("a"))
    team.do(note("b"))
    sender.answers = ["it answers 500", "it answers 500", "it answers 404", None, "it answers 500"]
    assert sender.tells() == [10, 11]
    first, second = (each.leaf for each in team.records()[-2:])
    assert sender.warned == [
        f"http://127.0.0.1:1/ did not take delivery {first}: it answers 500. It is tried again.",
        f"http://127.0.0.1:1/ did not take delivery {first}: it answers 404. It is tried again.",
        "http://127.0.0.1:1/ takes deliveries again.",
        f"http://127.0.0.1:1/ did not take delivery {second}: it answers 500. It is tried again.",
        "http://127.0.0.1:1/ takes deliveries again.",
    ]


def test_the_server_stops_though_a_receiver_says_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        with running(folder, "--webhook", url) as (process, _):
            do(folder, note("a"))
            with deaf.accept()[0]:
                process.send_signal(signal.SIGINT)
                process.wait(3)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["--webhook", "ftp://example.com/"], 2),
        (["--webhook", "http://127.0.0.1:1/", "--host", "192.0.2.7"], 5),
        (["--webhook", "http://127.0.0.1:1/", "--port", "1", "--host", "192.0.2.7", "--certificate", "c"], 2),
    ],
)
def test_what_is_refused_changes_nothing(folder: Path, line: list[str], code: int) -> None:
    before = sorted(folder.iterdir())
    run = [sys.executable, "-c", START, "--store", str(folder), "serve", *line]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("wrong", ["secret", "webhooks.db", "port"])
def test_what_cannot_be_begun_is_said_in_one_object(
    folder: Path, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1]) if wrong == "port" else "0"
        if wrong == "secret":
            monkeypatch.setenv("ROADLOG_WEBHOOK_SECRET", "short")
        if wrong == "webhooks.db":
            (folder / "webhooks.db").mkdir()
        before = sorted(folder.iterdir())
        line = ["--store", str(folder), "serve", "--port", port, "--json", "--webhook", "http://127.0.0.1:1/"]
        done = subprocess.run(
            [sys.executable, "-c", START, *line], capture_output=True, text=True, check=False
        )
    error = json.loads(done.stderr)["error"]
    assert (done.stdout, done.returncode, error["rule"]) == (
        "",
        error["exit"],
        {"webhooks.db": "webhooks"}.get(wrong, wrong),
    )
    if wrong != "webhooks.db":
        assert sorted(folder.iterdir()) == before


def test_it_is_said_where_the_secret_is_and_who_could_read_along(folder: Path) -> None:
    """Of a receiver that is not there."""
    run = [sys.executable, "-c", START, "--store", str(folder), "serve", "--port", "0"]
    url = "http://127.0.0.2:1/"
    with subprocess.Popen(
        [*run, "--webhook", url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == (
                f"{url} is told of each new record and each decision newly owed. "
                f"Its secret is in {folder / 'webhook.secret'}.\n"
            )
            assert process.stderr.readline() == (
                f"Warning: {url} is not https: everybody on the way can read what is posted.\n"
            )
            do(folder, note("a"))
            assert f"Warning: {url} did not take delivery " in process.stderr.readline()
        finally:
            process.terminate()
