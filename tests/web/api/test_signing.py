"""Approvals that are signed where the approver's key is, and sent with their signature."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roadlog.domain.approval_text import NAMESPACE
from roadlog.domain.commands import AddNote, EnrolKey
from tests.domain.spec import with_policy
from tests.openssh import make_key, needs_openssh
from tests.stores import Store, team_store
from tests.web.api.conftest import Site, client

pytestmark = needs_openssh
APPROVE = "/initiatives/SUP-1/approve"


class Approver(Site):
    """carla, with a token and a key of her own, where the policy asks compliance to sign."""

    key: Path
    store: Store

    def text(self) -> tuple[str, dict[str, Any]]:
        """The text to sign, and what has to be sent with its signature."""
        asked = {"role": "compliance", "signature": "", "dry_run": True}
        answer = self.post(APPROVE, asked, by="carla").json()
        [text], [record] = answer["to_sign"], answer["records"]
        return text, {
            "role": "compliance",
            "at": record["effective_at"],
            "expect_version": record["version"] - 1,
        }

    def sign(self, text: str) -> str:
        """Its signature, as ssh-keygen makes it."""
        origin = self.get("/verify").json()["origin"]
        words = ["ssh-keygen", "-Y", "sign", "-n", f"{NAMESPACE}{origin}", "-f", str(self.key)]
        return subprocess.run(words, input=text, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def approver(tmp_path: Path) -> Iterator[Approver]:
    policy = with_policy(signed_roles=("compliance",))
    with team_store(tmp_path / ".roadlog", policy) as team:
        team.define()
        made = make_key(tmp_path, "carla")
        public = made.with_suffix(".pub").read_text(encoding="utf-8")
        team.do(EnrolKey(stakeholder="carla", public_key=public), by="carla")
        with client(team.folder) as asked:
            site = Approver(team.folder, asked)
            site.key = made
            site.bearers["carla"] = site.token("carla", team.now)
            team.clock.tick(60)
            site.store = team
            yield site


def test_a_signed_approval_is_recorded_as_signed(approver: Approver) -> None:
    text, wish = approver.text()
    answer = approver.post(APPROVE, {**wish, "signature": approver.sign(text)}, by="carla")
    assert answer.status_code == 201, answer.text
    [record] = answer.json()["records"]
    assert (record["actor"]["assurance"], "warnings" in answer.json()) == ("signed", False)
    assert approver.get("/verify").json()["checked"]["approvals"] == 1


def test_a_control_without_a_signature_it_does_not_count_and_says_so(approver: Approver) -> None:
    answer = approver.post(APPROVE, {"role": "compliance"}, by="carla").json()
    assert answer["records"][0]["actor"]["assurance"] == "asserted"
    [warning] = answer["warnings"]
    assert warning.startswith("The vote does not count until it is signed")


def test_a_signature_of_another_text_is_refused(approver: Approver) -> None:
    text, wish = approver.text()
    answer = approver.post(APPROVE, {**wish, "signature": approver.sign(f"{text} ")}, by="carla")
    assert (answer.status_code, answer.json()["rule"]) == (422, "signing")
    answer = approver.post(APPROVE, {**wish, "signature": "nothing"}, by="carla")
    assert (answer.status_code, answer.json()["rule"]) == (422, "signing")


def test_what_was_recorded_meanwhile_is_a_conflict(approver: Approver) -> None:
    text, wish = approver.text()
    approver.store.do(AddNote(stream="SUP-1", text="Meanwhile"), by="dan")
    answer = approver.post(APPROVE, {**wish, "signature": approver.sign(text)}, by="carla")
    assert (answer.status_code, answer.json()["rule"]) == (409, "conflict")


def test_only_approvals_are_signed(approver: Approver) -> None:
    answer = approver.post("/initiatives/SUP-1/note", {"text": "x", "signature": "y"}, by="carla")
    assert (answer.status_code, answer.json()["rule"]) == (400, "malformed-signature")
