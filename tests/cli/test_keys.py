"""Keys on the command line: enrolled from a file, listed, retired; approvals signed with them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from roadlog.domain.ssh_keys import read
from tests.cli.hostile import raw
from tests.cli.line import Line
from tests.openssh import make_key, needs_openssh

VECTORS = Path(__file__).parents[1] / "trust" / "vectors"
FILE, DEVICE = VECTORS / "ed25519.pub", VECTORS / "ed25519_sk.pub"
NAME = read(FILE.read_text(encoding="utf-8")).fingerprint


def enrol(line: Line, *more: str, by: str = "carla") -> str:
    return line("key", "enrol", by, str(FILE), *more, by=by)


def test_a_key_is_enrolled_and_listed(line: Line) -> None:
    assert f"carla enrolled carla's key {NAME}" in enrol(line)
    (entry,) = line.json("key", "list")
    assert {name: entry[name] for name in ("handle", "person", "type", "position", "fingerprint")} == {
        "handle": "carla",
        "person": "carla",
        "type": "ssh-ed25519",
        "position": 9,
        "fingerprint": NAME,
    }
    assert entry["valid_until"] is entry["retired_at"] is None
    assert entry["public_key"] == " ".join(FILE.read_text(encoding="utf-8").split()[:2])


def test_the_list_says_what_kind_of_key_until_when_and_whose(line: Line) -> None:
    assert line("key", "list") == "No key is enrolled yet.\n"
    enrol(line, "--until", "2999-01-01")
    enrol(line, by="erin")
    line("key", "enrol", "dan", str(DEVICE), by="paula")
    line("key", "retire", "erin", NAME, "--because", "stolen", by="paula")
    said = " ".join(line("key", "list").split())
    assert f"9 carla file or agent {NAME} from 2" in said
    assert " until 2999-01-01; one person with erin 10 erin file or agent" in said
    assert re.search(r"10 erin .*, retired 2[-\d]+; one person with carla 11 dan", said)
    assert ", retired 2" in said
    assert " 11 dan hardware SHA256:" in said


def test_who_makes_two_handles_one_person_is_warned(line: Line) -> None:
    words = ("key", "enrol", "dan", str(FILE))
    assert line.run(*words, "--dry-run").stderr == ""  # nobody has it yet
    enrol(line)
    said = " ".join(line.run(*words, "--dry-run").stderr.split())
    assert said.startswith("Warning: This is carla's key. That would make dan and carla one person for ever:")
    (warning,) = line.json(*words)["warnings"]
    assert warning.startswith("This is carla's key. That makes dan and carla one person for ever:")


def test_a_key_is_known_in_the_trail_and_by_its_field(line: Line) -> None:
    enrol(line)
    line("key", "retire", "carla", NAME, "--because", "stolen", by="carla")
    said = line("log", "SUP")
    assert f"retired carla's key {NAME}" in " ".join(said.split())
    assert [each["position"] for each in line.json("why", "SUP", "keys")] == [9, 10]
    assert [each["position"] for each in line.json("key", "list", "--position", "9")] == [9]
    (change,) = line.json("diff", "8", "9")["changed"]
    assert (change["field"], change["before"]) == ("keys", None)


def test_allowed_signers_are_those_of_this_log(line: Line) -> None:
    enrol(line)
    origin = line.json("key", "list", "--allowed-signers")["origin"]
    said = line("key", "list", "--allowed-signers")
    assert said.startswith(f'carla namespaces="approval@{origin}",valid-after="')
    assert said.endswith(f" {' '.join(FILE.read_text(encoding='utf-8').split()[:2])}\n")
    assert origin == json.loads(line.run("verify", "--json").stdout)["origin"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "is a private key, which is nobody's business"),
        (b"", "The public key is empty"),
        (b"ssh-rsa AAAAB3NzaC1yc2E= x\n", "none of ssh-ed25519"),
        (FILE.read_bytes() * 2, "one line"),
        (b"\xff\xfe", "not text (at byte 1)"),
        (b"x" * 20_000, "longer than 16,384 bytes"),
    ],
)
def test_a_file_that_holds_no_public_key_changes_nothing(
    line: Line, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    assert said in line.fails(2, "key", "enrol", "carla", str(path), by="carla")
    assert line.records() == 8


@pytest.mark.parametrize("name", ["nothing.pub", ".", "a\0b"])
def test_a_file_that_is_not_there_is_told(line: Line, tmp_path: Path, name: str) -> None:
    error = line.error("key", "enrol", "carla", str(tmp_path / name), by="carla")
    assert (error["exit"], error["rule"]) == (2, "key-file")


def test_a_key_of_another_takes_the_role_that_enrols(line: Line) -> None:
    error = line.error("key", "enrol", "carla", str(FILE), by="dan")
    assert (error["exit"], error["rule"]) == (5, "authority")


def test_the_same_command_id_with_another_key_is_a_conflict(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_bytes(FILE.read_bytes())
    words = ("key", "enrol", "carla", str(path), "--command-id", "x")
    line(*words, by="carla")
    assert "Recorded before" in line(*words, by="carla")
    path.write_bytes(DEVICE.read_bytes())
    line.fails(3, *words, by="carla")


# Signing


@pytest.fixture
def signing(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The store at feasibility; carla's key is enrolled, and the policy wants compliance to sign."""
    monkeypatch.chdir(tmp_path)
    ours = line("workflow", "show", "ai-product", "--toml").replace("version = 1", "version = 2", 1)
    Path("ours.toml").write_text(ours.replace("signed_roles = []", 'signed_roles = ["compliance"]'))
    line("workflow", "adopt", "ours.toml", "--because", "votes are signed")
    line("advance", "SUP-1")
    make_key(tmp_path, "carla")
    line("key", "enrol", "carla", "carla.pub", by="carla")
    return line


def requirement(line: Line) -> dict[str, object]:
    lines = line.json("gate", "SUP-1")["requirements"]
    found: dict[str, object] = next(each for each in lines if each["id"] == "approval:compliance")
    return found


@needs_openssh
def test_the_gate_asks_for_a_signature_and_takes_one(signing: Line) -> None:
    warned = signing.run("approve", "SUP-1", by="carla").stderr
    assert "does not count until it is signed with a key, as the policy asks of that role" in warned
    unsigned = requirement(signing)
    assert unsigned["met"] is False
    assert "carla did not sign with a key, as the policy asks of that role" in str(unsigned["text"])
    assert unsigned["try"] == "roadlog approve SUP-1 --role compliance --sign KEYFILE"
    assert "carla did not sign with a key" in " ".join(signing("gate", "SUP-1").split())
    said = signing("approve", "SUP-1", "--sign", "carla", by="carla")
    assert "carla approved feasibility as compliance, signed\n" in said
    assert requirement(signing)["met"] is True


@needs_openssh
def test_what_is_owed_names_the_command_that_signs(signing: Line) -> None:
    signing("request", "SUP-1")
    assert signing.run("approve", "SUP-1", "--sign", "carla", "--dry-run", by="carla").stderr == ""
    owed = signing.json("next", "--for", "carla")
    assert "roadlog approve SUP-1 --role compliance --sign KEYFILE" in [each["try"] for each in owed]


@needs_openssh
def test_a_dry_run_shows_what_would_be_signed(signing: Line) -> None:
    said = signing("approve", "SUP-1", "--sign", "carla", "--dry-run", by="carla")
    assert "This would be signed:\nroadlog/approval/v1\norigin: " in said
    (text,) = signing.json("approve", "SUP-1", "--sign", "carla", "--dry-run", by="carla")["to_sign"]
    assert "✓ Approval by compliance" in said
    assert text.splitlines()[2:4] == ['initiative: "SUP-1"', "version: 3"]


@needs_openssh
@pytest.mark.parametrize(
    ("key", "by", "code", "rule"),
    [("nothing", "carla", 2, "key-file"), ("carla", "dan", 5, "key"), ("ours.toml", "carla", 2, "key-file")],
)
def test_what_makes_no_signature_records_nothing(
    signing: Line, key: str, by: str, code: int, rule: str
) -> None:
    before = signing.records()
    error = signing.error("approve", "SUP-1", "--sign", key, by=by)
    assert (error["exit"], error["rule"]) == (code, rule)
    assert signing.records() == before


@needs_openssh
def test_a_key_that_others_may_read_is_told_in_a_sentence(signing: Line, tmp_path: Path) -> None:
    (tmp_path / "carla").chmod(0o644)
    said = signing.fails(5, "approve", "SUP-1", "--sign", "carla", by="carla")
    assert "others than its owner may read carla, and ssh-keygen takes no such key." in " ".join(said.split())
    assert said.endswith("Try: chmod 600 carla\n")
    assert "@" not in said


@needs_openssh
def test_nobody_is_told_to_enrol_the_key_of_another(signing: Line) -> None:
    said = signing.fails(5, "approve", "SUP-1", "--sign", "carla", by="dan")
    assert said.endswith("Try: roadlog key enrol dan PUBFILE\n     roadlog key list\n")


@needs_openssh
def test_what_ssh_keygen_says_is_shown_and_not_obeyed(
    signing: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nprintf '\\033[2Jbad\\302\\233' >&2; exit 1\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    said = signing.fails(5, "approve", "SUP-1", "--sign", "carla", by="carla")
    assert "\\u001b[2Jbad" in said
    assert raw(said) == []


@needs_openssh
def test_who_signs_with_a_device_is_told_to_touch_it(signing: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    said = signing.fails(5, "approve", "SUP-1", "--sign", str(DEVICE), by="carla")
    assert said.startswith("Touch the device that holds the key.\nRefused: ssh-keygen made no signature with")
    assert "Touch" not in signing.run("approve", "SUP-1", "--sign", "carla", by="carla").stderr


# Forging


@needs_openssh
def test_a_forged_approval_is_found_and_named(signing: Line) -> None:
    """Recorded by a roadlog that checks nothing: hashes are right, and the signature is not."""
    from roadlog.trust.signing import KeyFile, Signed, Signing

    signing("approve", "SUP-1", "--sign", "carla", by="carla")
    made = next(each for each in signing.json("show", "SUP-1")["approvals"])["signature"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Signing, "sign", lambda *_: Signed(made, "signed"))
        patch.setattr(KeyFile, "sign", lambda *_: made)
        signing("reframe", "SUP-1", "--segment", "US", "--because", "wider")
        (record,) = signing.json("approve", "SUP-1", "--sign", "carla", by="carla")["records"]
    result = signing.run("verify", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["verdict"], answer["checked"]["approvals"]) == (4, "forged-approval", 1)
    (problem,) = answer["problems"]
    assert (problem["verdict"], problem["position"]) == ("forged-approval", record["position"])
    assert "is not over this text" in problem["found"]
    assert "an approval among them is not by whom it says" in " ".join(signing.run("verify").stdout.split())
