"""Signing approvals with real keys: made by ssh-keygen, checked here, and held against ssh-keygen again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadlog.application import Done, Wish
from roadlog.domain.approval_text import approval_text, namespace
from roadlog.domain.commands import AddNote, AdvanceMilestone, Approve, Command, EnrolKey, RetireKey
from roadlog.domain.events import StakeholderApproved
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.ssh_keys import read
from roadlog.store import origin
from roadlog.trust import signing
from roadlog.trust.allowed_signers import allowed_signers
from roadlog.trust.signing import KeyFile
from roadlog.verification.verdict import verify
from tests.openssh import agent, make_key, needs_openssh, verified
from tests.stores import Store

pytestmark = needs_openssh
VOTE = Approve(stream="SUP-1", role="compliance", statement="Fine\nfor a pilot")
SECRET = "open sesame"  # noqa: S105
AT = "20260302093000Z"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: an agent's socket has no room for a long one."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


@pytest.fixture
def signing_team(team: Store, folder: Path) -> Store:
    """A store with an initiative at feasibility, where carla and dan have keys."""
    team.define()
    team.do(AdvanceMilestone(stream="SUP-1"))
    for handle in ("carla", "dan"):
        public = make_key(folder, handle).with_suffix(".pub").read_text(encoding="utf-8")
        team.do(EnrolKey(stakeholder=handle, public_key=public), by=handle)
    return team


def sign(store: Store, path: Path, *commands: Command, by: str = "carla", **wish: object) -> Done:
    wishes = commands or (VOTE,)
    return store.do(*wishes, by=by, because=None, key=KeyFile(str(path)), **wish)


def texts(store: Store) -> dict[int, tuple[str, str]]:
    """Of each signed approval of the log, at its position: the text, computed again, and the signature."""
    records = store.records()
    name = origin(records[0].stream, records[0].leaf)
    found = {}
    for each in records:
        if isinstance(each.event, StakeholderApproved) and each.event.signature:
            before = next(
                other for other in reversed(records[: each.position - 1]) if other.stream == each.stream
            )
            text = approval_text(each, each.event, origin=name, cycle=1, iteration=1, previous=before.leaf)
            found[each.position] = (text, each.event.signature)
    return found


# What is recorded


def test_an_approval_is_recorded_with_its_signature(signing_team: Store, folder: Path) -> None:
    (record,) = sign(signing_team, folder / "carla").records
    assert isinstance(record.event, StakeholderApproved)
    assert (record.actor.assurance, list(texts(signing_team))) == ("signed", [record.position])
    answer = verify(signing_team.folder, now=signing_team.now)
    assert (answer["verdict"], answer["checked"]["approvals"]) == ("intact-unanchored", 1)


def test_several_approvals_are_signed_one_by_one(signing_team: Store, folder: Path) -> None:
    signing_team.define()
    second = Approve(stream="SUP-2", role="compliance")
    done = sign(signing_team, folder / "carla", VOTE, second)
    assert [each.actor.assurance for each in done.records] == ["signed", "signed"]
    made = [each.event.signature for each in done.records if isinstance(each.event, StakeholderApproved)]
    assert len(set(made)) == 2


def test_what_was_signed_is_not_signed_again(signing_team: Store, folder: Path) -> None:
    signing_team.do(VOTE, by="carla", because=None)
    assert len(sign(signing_team, folder / "carla").records) == 1
    assert sign(signing_team, folder / "carla").records == ()


def test_a_dry_run_shows_the_text_and_asks_no_key(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    done = sign(signing_team, folder / "carla", dry_run=True)
    (text,) = done.texts
    assert text.startswith('roadlog/approval/v1\norigin: "roadlog/SUP/')
    (record,) = done.records
    assert isinstance(record.event, StakeholderApproved)
    assert (record.event.signature, record.actor.assurance) == (None, "signed")


def test_an_approval_is_signed_again_where_somebody_recorded_first(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = KeyFile.sign
    asked: list[str] = []

    def slowly(key: KeyFile, text: str, purpose: str) -> str:
        asked.append(text)
        if len(asked) == 1:
            with signing_team.application.open(signing_team.folder) as other:
                other.execute(Wish(actor="dan"), AddNote(stream="SUP-1", text="meanwhile"))
        return made(key, text, purpose)

    monkeypatch.setattr(KeyFile, "sign", slowly)
    (record,) = sign(signing_team, folder / "carla").records
    versions = [each.partition("version: ")[2].partition("\n")[0] for each in asked]
    assert versions == [str(record.version - 1), str(record.version)]
    assert verify(signing_team.folder, now=signing_team.now)["checked"]["approvals"] == 1


# What ssh-keygen says of it


@pytest.fixture
def exported(signing_team: Store, folder: Path) -> tuple[Path, Path, Path, str]:
    """An approval's text and signature, the allowed signers, and the namespace."""
    (record,) = sign(signing_team, folder / "carla").records
    text, signature = texts(signing_team)[record.position]
    first = signing_team.records()[0]
    name = origin(first.stream, first.leaf)
    files = (folder / "approval.txt", folder / "approval.sig", folder / "allowed_signers")
    signers = allowed_signers(signing_team.application.roadmap().keys, name)
    for path, content in zip(files, (text, signature, signers), strict=True):
        path.write_text(content, encoding="utf-8")
    return (*files, namespace(name))


def test_ssh_keygen_accepts_what_was_exported(exported: tuple[Path, Path, Path, str]) -> None:
    *files, purpose = exported
    held, said = verified(*files, by="carla", namespace=purpose, at=AT)
    assert held, said
    assert said.startswith(f'Good "{purpose}" signature for carla with ED25519 key SHA256:')


def test_ssh_keygen_refuses_everything_else(exported: tuple[Path, Path, Path, str]) -> None:
    text, signature, allowed, purpose = exported
    good = {"by": "carla", "namespace": purpose, "at": AT}
    other = text.with_name("other.txt")
    other.write_text(text.read_text(encoding="utf-8").replace("training", "live") + " ", encoding="utf-8")
    assert verified(text, signature, allowed, **good)[0]
    assert not verified(other, signature, allowed, **good)[0]
    wrong: dict[str, str]
    for wrong in ({"by": "dan"}, {"by": "paula"}, {"namespace": "file"}, {"namespace": f"{purpose}0"}):
        assert not verified(text, signature, allowed, **{**good, **wrong})[0], wrong
    assert not verified(text, signature, allowed, **{**good, "at": "20260302085959Z"})[0]


def test_ssh_keygen_refuses_a_key_when_it_is_retired(signing_team: Store, folder: Path) -> None:
    (record,) = sign(signing_team, folder / "carla").records
    text, signature = texts(signing_team)[record.position]
    public = read((folder / "carla.pub").read_text(encoding="utf-8"))
    signing_team.do(RetireKey(stakeholder="carla", fingerprint=public.fingerprint), because="stolen")
    ended = signing_team.now
    (folder / "t").write_text(text, encoding="utf-8")
    (folder / "s").write_text(signature, encoding="utf-8")
    (folder / "a").write_text(allowed_signers(signing_team.application.roadmap().keys, "x"), encoding="utf-8")
    signers = (folder / "a").read_text(encoding="utf-8").replace("approval@x", text_purpose(text))
    (folder / "a").write_text(signers, encoding="utf-8")
    files = (folder / "t", folder / "s", folder / "a")
    purpose = text_purpose(text)
    assert verified(*files, by="carla", namespace=purpose, at=f"{record.recorded_at:%Y%m%d%H%M%SZ}")[0]
    assert not verified(*files, by="carla", namespace=purpose, at=f"{ended:%Y%m%d%H%M%SZ}")[0]
    with pytest.raises(Refused, match="has no key that may sign now"):
        sign(signing_team, folder / "carla", Approve(stream="SUP-1", role="compliance"))
    assert verify(signing_team.folder, now=signing_team.now)["checked"]["approvals"] == 1


def text_purpose(text: str) -> str:
    """The namespace of a text's log."""
    return namespace(text.partition('origin: "')[2].partition('"')[0])


def test_ssh_keygen_accepts_both_handles_of_one_key_and_no_pattern(signing_team: Store, folder: Path) -> None:
    public = (folder / "carla.pub").read_text(encoding="utf-8")
    signing_team.do(EnrolKey(stakeholder="erin", public_key=public), by="erin")
    (record,) = sign(signing_team, folder / "carla").records
    text, signature = texts(signing_team)[record.position]
    name = text.partition('origin: "')[2].partition('"')[0]
    contents = (text, signature, allowed_signers(signing_team.application.roadmap().keys, name))
    files = (folder / "t", folder / "s", folder / "a")
    for path, content in zip(files, contents, strict=True):
        path.write_text(content, encoding="utf-8")
    said = {
        by: verified(*files, by=by, namespace=namespace(name), at=AT)[0] for by in ("carla", "erin", "dan")
    }
    assert said == {"carla": True, "erin": True, "dan": False}


# Where the key is


def test_a_key_in_an_agent_signs_by_its_public_half(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with agent(folder, folder / "carla") as socket:
        (folder / "carla").unlink()
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        (record,) = sign(signing_team, folder / "carla.pub").records
    assert record.actor.assurance == "signed"


def test_a_public_half_alone_signs_nothing(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (folder / "carla").unlink()
    with pytest.raises(Refused, match=r"made no signature with '.*carla\.pub'") as caught:
        sign(signing_team, folder / "carla.pub")
    assert caught.value.rule == "signing"


@pytest.mark.parametrize(("answer", "signs"), [(SECRET, True), ("wrong", False)])
def test_a_passphrase_is_asked_for_by_ssh_keygen(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, signs: bool
) -> None:
    key = make_key(folder, "locked", passphrase=SECRET)
    public = key.with_suffix(".pub").read_text(encoding="utf-8")
    signing_team.do(EnrolKey(stakeholder="carla", public_key=public), by="carla")
    asked = folder / "askpass"
    asked.write_text(f"#!/bin/sh\necho {answer}\n", encoding="utf-8")
    asked.chmod(0o700)
    monkeypatch.setenv("SSH_ASKPASS", str(asked))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    if signs:
        assert sign(signing_team, key).records[0].actor.assurance == "signed"
    else:
        with pytest.raises(Refused, match="incorrect passphrase"):
            sign(signing_team, key)
    assert len(texts(signing_team)) == signs


# What is refused, and records nothing


@pytest.mark.parametrize(
    ("by", "key", "said", "enrolling"),
    [
        ("carla", "dan", r"is dan's, not carla's. carla signs with SHA256:\S+\.$", None),
        ("carla", "other", "is not enrolled for carla. carla signs with SHA256:", "other.pub"),
        ("erin", "dan", r"erin has no key that may sign now\.$", "PUBFILE"),
        ("erin", "other", "erin has no key that may sign now", "other.pub"),
    ],
)
def test_a_key_that_is_not_the_voter_s(
    signing_team: Store, folder: Path, by: str, key: str, said: str, enrolling: str | None
) -> None:
    make_key(folder, "other")
    before = len(signing_team.records())
    role = {"carla": "compliance", "erin": "engineering"}[by]
    with pytest.raises(Refused, match=said) as caught:
        sign(signing_team, folder / key, Approve(stream="SUP-1", role=role), by=by)
    *enrol, listed = caught.value.try_
    assert listed == "roadlog key list"
    file = str(folder / enrolling) if enrolling == "other.pub" else enrolling
    assert enrol == ([f"roadlog key enrol {by} {file}"] if enrolling else [])
    assert len(signing_team.records()) == before


def test_a_file_that_is_not_there(signing_team: Store, folder: Path) -> None:
    with pytest.raises(Malformed, match="There is no file"):
        sign(signing_team, folder / "nothing")


def test_without_ssh_keygen_it_says_what_to_install(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(Refused, match="openssh-client"):
        sign(signing_team, folder / "carla")


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts another program in the place of ssh-keygen."""
    place = folder / "bin"
    place.mkdir()
    program = place / "ssh-keygen"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo -----BEGIN", "no signature to record: it does not begin and end"),
        ("cat old", "no signature to record: the signature of SHA256:.* is not over this text"),
        ("printf '\\033[2J\\377bad\\n' >&2; exit 3", r"made no signature with '.*': \x1b\[2J�bad"),
        ("exit 3", "it ended with 3"),
    ],
)
def test_what_ssh_keygen_makes_is_checked_before_it_is_recorded(
    signing_team: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    sign(signing_team, folder / "carla")
    ((_, signature),) = texts(signing_team).values()
    (folder / "old").write_text(signature, encoding="utf-8")
    monkeypatch.chdir(folder)
    pretend(folder, monkeypatch, script)
    before = len(signing_team.records())
    with pytest.raises(Refused, match=said):
        sign(signing_team, folder / "carla", Approve(stream="SUP-1", role="compliance"))
    assert len(signing_team.records()) == before


def test_nobody_waits_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock on the wall: a frozen one never runs out."""
    key = make_key(folder, "carla")
    pretend(folder, monkeypatch, "exec sleep 30")
    monkeypatch.setattr(signing, "PATIENCE", 0.2)
    with pytest.raises(Refused, match="nothing came of it in 0 seconds"):
        KeyFile(str(key)).sign("text", "file")
