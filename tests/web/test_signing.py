"""Approvals that are signed where the approver's key is, over the text that the page shows."""

import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from roadlog.domain.commands import AddNote, EnrolKey, RetireKey
from roadlog.domain.events import StakeholderApproved
from roadlog.domain.records import Record
from roadlog.domain.ssh_keys import read
from roadlog.verification.verdict import verify
from tests.domain.spec import with_policy
from tests.openssh import make_key, needs_openssh
from tests.stores import Store, team_store
from tests.web.asking import client
from tests.web.signed_in import hidden, posts, sign_in
from tests.web.test_writing import words

pytestmark = needs_openssh
APPROVE = "/initiatives/SUP-1/do/approve"


class Approver:
    """carla, signed in, with a key of her own, where the policy asks compliance to sign."""

    def __init__(self, store: Store, site: TestClient, folder: Path) -> None:
        self.store = store
        self.site = site
        self.folder = folder

    def enrol(self, handle: str = "carla") -> str:
        return enrol(self.store, self.folder, handle)

    def begin(self, **typed: str | list[str]) -> str:
        """The page that shows the text."""
        answer = posts(self.site, APPROVE, **typed)
        assert (answer.status_code, "Sign your approval of SUP-1" in answer.text) == (200, True), answer.text
        return answer.text

    def sign(self, page: str, key: str = "carla") -> str:
        """Does what the page says: downloads the text and types the one command. The signature."""
        download = self.site.post(APPROVE, data={**fields(page), "press": "text"})
        assert download.headers["content-disposition"] == 'attachment; filename="approval.txt"'
        assert download.text == shown_text(page)
        (self.folder / "approval.txt").write_bytes(download.content)
        typed = re.search(r"ssh-keygen -Y sign -n \S+ -f KEYFILE approval.txt", words(page))
        assert typed
        return signature_of(self.folder, typed[0], key)

    def give(self, page: str, signature: str) -> Response:
        return self.site.post(APPROVE, data={**fields(page), "signature": signature})

    def last(self) -> Record:
        return self.store.records()[-1]


def enrol(store: Store, folder: Path, handle: str) -> str:
    """Makes a key and enrols it; its fingerprint."""
    public = make_key(folder, handle).with_suffix(".pub").read_text(encoding="utf-8")
    store.do(EnrolKey(stakeholder=handle, public_key=public), by=handle)
    return read(public).fingerprint


def signature_of(folder: Path, command: str, key: str) -> str:
    """What the command that the page shows makes of approval.txt."""
    signature = folder / "approval.txt.sig"
    signature.unlink(missing_ok=True)
    line = command.replace("KEYFILE", key).split()
    subprocess.run(line, check=True, cwd=folder, capture_output=True)
    return signature.read_text(encoding="utf-8")


def fields(page: str) -> dict[str, str | list[str]]:
    """The hidden fields; what stands there several times as a list."""
    found: dict[str, str | list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page):
        before = found.get(name, [])
        found[name] = [*([before] if isinstance(before, str) else before), unescape(value)]
    return found


def shown_text(page: str) -> str:
    found = re.search(r'<pre class="signed-text"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return unescape(found[1])


@pytest.fixture
def approver(tmp_path: Path) -> Iterator[Approver]:
    workflow = with_policy(signed_roles=("compliance",))
    with team_store(tmp_path / ".roadlog", workflow) as store, client(store.folder) as site:
        store.define()
        sign_in(site, store.folder, "carla")
        yield Approver(store, site, tmp_path)


def test_an_approval_is_recorded_with_the_signature_given(approver: Approver) -> None:
    approver.enrol()
    assert "your vote has to be signed with a key" in approver.site.get(APPROVE).text
    page = approver.begin(
        conditions=["Publish it", "Name"], due=["2026-05-01", ""], statement="Fine\r\nfor now"
    )
    assert "what you wrote: Publish it Name Fine for now" in words(page)
    before = len(approver.store.records())
    approver.store.clock.tick(90)
    answer = approver.give(page, approver.sign(page).replace("\n", "\r\n"))
    assert (answer.status_code, answer.headers.get("location")) == (
        303,
        f"/initiatives/SUP-1?recorded={before + 1}",
    ), words(answer.text)
    record = approver.last()
    assert (record.actor.assurance, record.body.source.client) == ("signed", "web")
    event = record.event
    assert isinstance(event, StakeholderApproved)
    assert [(each.text, str(each.due)) for each in event.conditions] == [
        ("Publish it", "2026-05-01"),
        ("Name", "None"),
    ]
    assert event.statement == "Fine\nfor now"
    assert verify(approver.store.folder, now=approver.store.now)["problems"] == []
    again = approver.give(page, (approver.folder / "approval.txt.sig").read_text(encoding="utf-8"))
    assert again.headers["location"] == answer.headers["location"]
    assert len(approver.store.records()) == before + 1


def test_the_signatures_file_can_be_given_instead(approver: Approver) -> None:
    approver.enrol()
    page = approver.begin()
    signature = approver.sign(page)
    file = ("approval.txt.sig", signature.encode(), "application/octet-stream")
    answer = approver.site.post(APPROVE, data=fields(page), files={"signature_file": file})
    assert (answer.status_code, approver.last().actor.assurance) == (303, "signed")


def test_who_recorded_meanwhile_makes_it_another_text(approver: Approver) -> None:
    approver.enrol()
    page = approver.begin()
    signature = approver.sign(page)
    approver.store.do(AddNote(stream="SUP-1", text="meanwhile"))
    for typed in ({"signature": signature}, {"press": "text"}):
        answer = approver.site.post(APPROVE, data={**fields(page), **typed})
        assert answer.status_code == 409
        said = words(answer.text)
        assert "somebody recorded first" in said
        assert "Recorded since you opened this form #10: paula noted: meanwhile" in said
        assert "download and sign this new text" in said
        assert shown_text(answer.text) != shown_text(page)
    assert "download and sign this new text" not in words(page)
    assert approver.last().type == "NoteAdded"
    assert approver.give(answer.text, signature).status_code == 422  # of the text before
    assert approver.give(answer.text, approver.sign(answer.text)).status_code == 303


def test_a_signature_by_anothers_key_is_none(approver: Approver) -> None:
    approver.enrol()
    approver.enrol("dan")
    page = approver.begin()
    answer = approver.give(page, approver.sign(page, "dan"))
    assert answer.status_code == 422
    assert "carla cannot sign with that signature: the key SHA256:" in words(answer.text)
    assert "is dan's, not carla's" in words(answer.text)
    assert shown_text(answer.text) == shown_text(page)
    assert approver.last().type == "KeyEnrolled"
    assert approver.give(answer.text, approver.sign(answer.text)).status_code == 303  # the control


@pytest.mark.parametrize("signature", ["", " ", "x", "x" * 9000, "é\u202e<script>", "\0"])
def test_what_is_no_signature_is_not_recorded(approver: Approver, signature: str) -> None:
    approver.enrol()
    page = approver.begin()
    answer = approver.give(page, signature)
    assert answer.status_code in (400, 422)
    assert "Not recorded" in words(answer.text)
    assert "<script>" not in answer.text
    assert approver.last().type == "KeyEnrolled"


@pytest.mark.parametrize(
    "changed",
    [{"statement": "Other"}, {"role": "product"}, {"valid_days": "9"}, {"because": "Other"}, {"at": ""}],
)
def test_a_signature_is_of_what_was_approved(approver: Approver, changed: dict[str, str]) -> None:
    approver.enrol()
    page = approver.begin(statement="This")
    signature = approver.sign(page)
    answer = approver.site.post(APPROVE, data={**fields(page), "signature": signature, **changed})
    assert answer.status_code != 303
    assert approver.last().type == "KeyEnrolled"
    assert approver.give(page, signature).status_code == 303  # the control


def test_who_has_no_key_is_told_how_to_enrol_one(approver: Approver) -> None:
    answer = posts(approver.site, APPROVE, statement="Fine")
    assert answer.status_code == 422
    assert "carla has no key that may sign now" in words(answer.text)
    assert "roadlog key enrol carla PUBFILE" in words(answer.text)
    assert "\nFine</textarea>" in answer.text


def test_a_key_that_was_retired_meanwhile_signs_no_more(approver: Approver) -> None:
    fingerprint = approver.enrol()
    page = approver.begin()
    signature = approver.sign(page)
    approver.store.do(RetireKey(stakeholder="carla", fingerprint=fingerprint))
    assert approver.give(page, signature).status_code == 422
    assert approver.last().type == "KeyRetired"


def test_who_need_not_sign_can(approver: Approver) -> None:
    approver.enrol("dan")
    sign_in(approver.site, approver.store.folder, "dan")
    shown = approver.site.get(APPROVE).text
    assert "Sign it with my key" in shown
    answer = approver.site.post(APPROVE, data={**hidden(shown), "press": "sign"})
    assert approver.give(answer.text, approver.sign(answer.text, "dan")).status_code == 303
    assert (approver.last().actor.id, approver.last().actor.assurance) == ("dan", "signed")
    assert posts(approver.site, APPROVE, statement="Again").status_code == 303  # and need not
    assert approver.last().actor.assurance == "asserted"


def test_a_text_is_of_what_was_shown(approver: Approver) -> None:
    approver.enrol()
    shown = hidden(approver.site.get(APPROVE).text)
    approver.store.do(AddNote(stream="SUP-1", text="meanwhile"))
    for pressed in ({}, {"press": "sign"}):
        answer = approver.site.post(APPROVE, data={**shown, **pressed})
        assert answer.status_code == 409
        assert "Recorded since you opened this form" in words(answer.text)
        assert "ssh-keygen" not in answer.text


def test_a_signature_does_not_come_without_the_sessions_proof(approver: Approver) -> None:
    approver.enrol()
    page = approver.begin()
    signature = approver.sign(page)
    stolen = {name: value for name, value in fields(page).items() if name != "csrf"}
    assert approver.site.post(APPROVE, data={**stolen, "signature": signature}).status_code == 403
    assert approver.last().type == "KeyEnrolled"


def test_a_stolen_session_approves_nothing_that_is_to_be_signed(approver: Approver) -> None:
    approver.enrol()
    approver.begin()
    assert approver.last().type == "KeyEnrolled"
