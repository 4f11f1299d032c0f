"""verify.py on a bare Python: it accepts what was handed over, and refuses what somebody did to it."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note, Signer
from tests.cli.line import Line
from tests.pack.packs import Checked, checked, contents, edit, files, key_of, root_of, summed

NAMES = (
    *("README", "SHA256SUMS", "checkpoint.note", "headers.txt", "ocel.json", "records.jsonl", "report.html"),
    *("verify.py", "tables/changes.csv", "tables/risks.csv"),
)


def test_it_is_short_and_needs_nothing(of_one: Path) -> None:
    lines = (of_one / "verify.py").read_text().splitlines()
    assert len(lines) <= 150
    assert max(map(len, lines)) <= 121


def test_a_pack_is_whole_and_not_vouched_for(of_one: Path, tmp_path: Path) -> None:
    found = checked(of_one, tmp_path / "empty")
    assert (found.code, found.said.count("ok: ")) == (1, 3)
    assert "NOT CHECKED: the log's signature; give its key by --key\n" in found.said
    assert "ok: 65 contents are withheld, none of 'SUP, SUP-1' up to record " in found.said
    assert "NOT ALL: nobody from outside vouches for all 165 records (1 wanted)\n" in found.said


def another_of(note: bytes) -> bytes:
    """A checkpoint of the same records, made at another time."""
    return note.replace(b" 2026-11-25T", b" 2026-11-24T")


def test_with_the_key_and_a_checkpoint_from_elsewhere_it_is_vouched_for(
    demo: Path, of_one: Path, tmp_path: Path
) -> None:
    """One that is no copy of the pack's own: that may come from the pack."""
    kept = tmp_path / "kept"
    kept.write_bytes((of_one / "checkpoint.note").read_bytes())
    found = checked(of_one, tmp_path / "empty", "--key", key_of(demo), "--against", str(kept))
    assert (found.code, "NOT COUNTED: what --against names is in the pack" in found.said) == (1, True)
    kept.write_bytes(another_of(kept.read_bytes()))
    words = ("--key", key_of(demo), "--against", str(kept))
    assert checked(of_one, tmp_path / "empty", *words).code == 0
    assert checked(of_one, tmp_path / "empty", *words[:2]).code == 1
    assert checked(of_one, tmp_path / "empty", *words[2:]).code == 1
    assert checked(of_one, tmp_path / "empty", *words, "--quorum", "2").code == 1


def test_an_older_checkpoint_vouches_for_what_was_there_then(demo: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(demo, tmp_path / ".roadlog"))
    line = Line(copy)
    (tmp_path / "kept").write_text(line("checkpoint"))
    line("note", "SUP-1", "Later", by="mara")
    line("evidence-pack", "--out", str(tmp_path / "pack"))
    words = ("--key", key_of(copy), "--against", str(tmp_path / "kept"))
    found = checked(tmp_path / "pack", tmp_path / "empty", *words)
    assert (
        found.code,
        "nobody from outside vouches for all 166 records (1 wanted); enough do for the first 165\n"
        in found.said,
    ) == (1, True)


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("name", NAMES[:1] + NAMES[2:7] + NAMES[8:])
@pytest.mark.parametrize(
    "change", [flipped, lambda data: data[:-1], lambda data: data + b"\n", lambda data: data[:0]]
)
def test_a_file_that_was_changed_is_named(
    pack: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    edit(pack, name, change)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, found.said.startswith("WRONG: ")) == (4, True)


@pytest.mark.parametrize("name", NAMES[:1] + NAMES[2:7] + NAMES[8:])
def test_a_file_that_is_gone_is_named(pack: Path, tmp_path: Path, name: str) -> None:
    (pack / name).unlink()
    found = checked(pack, tmp_path / "empty")
    assert (found.code, name in found.said) == (4, True)


@pytest.mark.parametrize("count", [1, -1])
def test_sums_are_lines_as_others_read_them(pack: Path, tmp_path: Path, count: int) -> None:
    """The first newline, then each of them, is one of the other bytes at which Python can split lines."""
    edit(pack, "SHA256SUMS", lambda data: data.replace(b"\n", b"\x0b", count))
    assert checked(pack, tmp_path / "empty").code == 4


def test_a_last_line_of_sums_that_does_not_end_is_refused(pack: Path, tmp_path: Path) -> None:
    edit(pack, "SHA256SUMS", lambda data: data[:-1] + b"\x1a")
    assert checked(pack, tmp_path / "empty").code == 4


def test_without_its_sums_nothing_is_checked(pack: Path, tmp_path: Path) -> None:
    (pack / "SHA256SUMS").unlink()
    found = checked(pack, tmp_path / "empty")
    assert (found.code, "SHA256SUMS is missing" in found.said) == (4, True)


@pytest.mark.parametrize("name", ["headers.txt", "records.jsonl", "checkpoint.note"])
def test_a_file_that_is_gone_from_the_sums_too_is_named(pack: Path, tmp_path: Path, name: str) -> None:
    (pack / name).unlink()
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, f"{name} is missing" in found.said) == (4, True)


@pytest.mark.parametrize("name", [".DS_Store", "tables/Thumbs.db"])
def test_what_a_file_manager_leaves_is_none_of_it(pack: Path, tmp_path: Path, name: str) -> None:
    (pack / name).write_text("")
    assert checked(pack, tmp_path / "empty").code == 1


@pytest.mark.parametrize("name", ["more.txt", "tables/more.csv", ".hidden", "deep/er/file"])
def test_a_file_too_many_is_named(pack: Path, tmp_path: Path, name: str) -> None:
    (pack / name).parent.mkdir(parents=True, exist_ok=True)
    (pack / name).write_text("more\n")
    assert checked(pack, tmp_path / "empty").code == 4


def test_links_are_not_followed(pack: Path, tmp_path: Path) -> None:
    shutil.move(pack / "tables", tmp_path / "tables")
    (pack / "tables").symlink_to(tmp_path / "tables")
    assert checked(pack, tmp_path / "empty").code == 4
    (pack / "tables").unlink()
    shutil.move(tmp_path / "tables", pack / "tables")
    assert checked(pack, tmp_path / "empty").code == 1
    shutil.move(pack / "README", tmp_path / "README")
    (pack / "README").symlink_to(tmp_path / "README")
    assert checked(pack, tmp_path / "empty").code == 4


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/b/c", "tables/../README", "x\x1b[2J"])
def test_names_that_lead_out_of_the_folder_are_refused(pack: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside").write_text("")
    edit(pack, "SHA256SUMS", lambda data: data + f"{'0' * 64}  {name}\n".encode())
    found = checked(pack, tmp_path / "empty")
    assert (found.code, "\x1b" in found.said) == (4, False)


# Whoever changes a file can make its sum again


def with_lines(data: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return b"".join(change(data.splitlines(keepends=True)))


def signed_by_a_forger(pack: Path, *, size: int, root: bytes) -> Signer:
    """Puts a checkpoint there that somebody signed under the log's name, and gives their key."""
    said = Checkpoint.of(Note.read((pack / "checkpoint.note").read_bytes()))
    text = said._replace(size=size, root=root).text
    forger = Signer.from_seed(said.origin, b"x" * 32)
    (pack / "checkpoint.note").write_bytes(Note(text, (forger.sign(text),)).write())
    return forger


def content_of(pack: Path, position: int, change: Callable[[bytes], bytes]) -> None:
    def changed(lines: list[bytes]) -> list[bytes]:
        found = [json.loads(each) for each in lines]
        for each in found:
            if each["position"] == position:
                each["bytes"] = base64.b64encode(change(base64.b64decode(each["bytes"]))).decode()
        return [f"{json.dumps(each)}\n".encode() for each in found]

    edit(pack, "records.jsonl", lambda data: with_lines(data, changed))


TAMPERED: dict[str, Callable[[Path], None]] = {
    "a content": lambda pack: content_of(pack, 17, lambda data: data.replace(b"devi", b"mara")),
    "a bit of a content": lambda pack: content_of(pack, 30, flipped),
    "a header's type": lambda pack: edit(
        pack, "headers.txt", lambda data: data.replace(b"RiskAccepted", b"RiskMitigated", 1)
    ),
    "a header's time": lambda pack: edit(
        pack,
        "headers.txt",
        lambda data: with_lines(data, lambda lines: [*lines[:5], lines[5][:-2] + b"1\n", *lines[6:]]),
    ),
    "a header left out": lambda pack: edit(
        pack, "headers.txt", lambda data: with_lines(data, lambda lines: lines[:80] + lines[88:])
    ),
    "two headers swapped": lambda pack: edit(
        pack,
        "headers.txt",
        lambda data: with_lines(data, lambda lines: [*lines[:80], *lines[88:96], *lines[80:88], *lines[96:]]),
    ),
    "the last header": lambda pack: edit(
        pack, "headers.txt", lambda data: with_lines(data, lambda lines: lines[:-8])
    ),
    "half a header": lambda pack: edit(
        pack, "headers.txt", lambda data: with_lines(data, lambda lines: lines[:-3])
    ),
    "a header more": lambda pack: edit(pack, "headers.txt", lambda data: data + data[-400:]),
    "contents in another order": lambda pack: edit(
        pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[::-1])
    ),
    "a content twice": lambda pack: edit(
        pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[:1] + lines)
    ),
    "a content left out": lambda pack: edit(
        pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[:40] + lines[41:])
    ),
    "the first contents left out": lambda pack: edit(
        pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[20:])
    ),
    "an older checkpoint": lambda pack: edit(
        pack, "checkpoint.note", lambda data: data.replace(b"\n165\n", b"\n0\n")
    ),
    "nothing, and then what nobody recorded": lambda pack: edit(
        pack,
        "records.jsonl",
        lambda data: with_lines(data, lambda lines: [*lines[:-5], b"null\n", *lines[:5]]),
    ),
    "no JSON": lambda pack: edit(pack, "records.jsonl", lambda data: data + b"{\n"),
    "deep JSON": lambda pack: edit(pack, "records.jsonl", lambda data: data + b"[" * 100_000 + b"\n"),
    "the checkpoint's root": lambda pack: edit(
        pack, "checkpoint.note", lambda data: data.replace(b"=\n", b"A\n", 1)
    ),
    "the checkpoint's size": lambda pack: edit(
        pack, "checkpoint.note", lambda data: data.replace(b"\n165\n", b"\n166\n")
    ),
    "another log's checkpoint": lambda pack: edit(
        pack, "checkpoint.note", lambda data: data.replace(b"roadlog/SUP/", b"roadlog/SUB/", 1)
    ),
}


@pytest.mark.parametrize("attack", TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_is_found_though_its_sum_was_made_again(
    pack: Path, tmp_path: Path, attack: Callable[[Path], None]
) -> None:
    attack(pack)
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, found.said.startswith("WRONG: ")) == (4, True), found.said


def test_the_last_contents_left_out_are_told_of(pack: Path, tmp_path: Path) -> None:
    """A pack that ends at a time looks the same; so it says up to where it shows all."""
    last = sorted(contents(pack))[-6]
    edit(pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[:-5]))
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert found.code == 1
    assert (
        f"ok: 70 contents are withheld, none of 'SUP, SUP-1' up to record {last}, consents apart"
        in found.said
    )


@pytest.mark.parametrize("content", [b"[]", b'{"actor":{},"data":[]}', b"7", b"[" * 100_000])
def test_a_content_that_is_no_records_is_refused(pack: Path, tmp_path: Path, content: bytes) -> None:
    """Whoever builds the whole log again can hash whatever they like."""
    last = max(contents(pack))
    digest = sha256(content).hexdigest().encode() + b"\n"
    edit(
        pack,
        "headers.txt",
        lambda data: with_lines(
            data, lambda lines: [*lines[: 8 * last - 2], digest, *lines[8 * last - 1 : 8 * last]]
        ),
    )
    content_of(pack, last, lambda _: content)
    signed_by_a_forger(pack, size=last, root=root_of(pack))
    summed(pack)
    found = checked(pack, tmp_path / "empty")
    assert (found.code, found.said.startswith("WRONG: ")) == (4, True), found.said


def test_a_log_of_nothing_is_none(pack: Path, tmp_path: Path) -> None:
    for name in ("headers.txt", "records.jsonl"):
        (pack / name).write_bytes(b"")
    forger = signed_by_a_forger(pack, size=0, root=sha256(b"").digest())
    (tmp_path / "forger.pub").write_text(str(forger.verifier))
    summed(pack)
    found = checked(pack, tmp_path / "empty", "--key", str(tmp_path / "forger.pub"))
    assert (found.code, found.said) == (4, "WRONG: headers.txt ends too early, or too late\n")


def test_a_note_of_thousands_of_signatures_is_not_waited_for(demo: Path, pack: Path, tmp_path: Path) -> None:
    (line,) = (pack / "checkpoint.note").read_bytes().splitlines(keepends=True)[-1:]
    edit(pack, "checkpoint.note", lambda data: data + (line[:-6] + b"AAAA=\n") * 10_000)
    summed(pack)
    found = checked(pack, tmp_path / "empty", "--key", key_of(demo))
    assert (found.code, found.said) == (4, "WRONG: checkpoint.note is longer than roadlog makes it\n")


def in_little_memory(pack: Path) -> Checked:
    """What verify.py says where it gets no more than 400 MB."""
    command = [
        "sh",
        "-c",
        'ulimit -v 400000; exec "$0" "$@"',
        sys.executable,
        "-I",
        "-S",
        str(pack / "verify.py"),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return Checked(ran.returncode, ran.stdout + ran.stderr)


def test_long_files_need_no_memory(pack: Path) -> None:
    with open(pack / "README", "rb+") as file:
        file.truncate(1 << 30)
    assert in_little_memory(pack) == (4, "WRONG: README is changed\n")
    with open(pack / "SHA256SUMS", "rb+") as file:
        file.truncate(1 << 40)
    assert in_little_memory(pack) == (4, "WRONG: SHA256SUMS is longer than roadlog makes it\n")


def test_sums_made_again_of_nothing_changed_are_right(pack: Path, tmp_path: Path) -> None:
    """The control."""
    summed(pack)
    assert checked(pack, tmp_path / "empty").code == 1


def test_a_log_cut_off_and_signed_with_another_key_is_found_by_the_key_and_by_a_checkpoint(
    demo: Path, pack: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes((pack / "checkpoint.note").read_bytes())
    last = max(contents(pack))
    edit(pack, "headers.txt", lambda data: with_lines(data, lambda lines: lines[: 8 * (last - 1)]))
    edit(pack, "records.jsonl", lambda data: with_lines(data, lambda lines: lines[:-1]))
    forger = signed_by_a_forger(pack, size=last - 1, root=root_of(pack))
    summed(pack)
    assert checked(pack, tmp_path / "empty").code == 1
    (tmp_path / "forged.pub").write_text(str(forger.verifier))
    assert checked(pack, tmp_path / "empty", "--key", str(tmp_path / "forged.pub")).code == 1
    assert checked(pack, tmp_path / "empty", "--key", key_of(demo)).code == 4
    assert checked(pack, tmp_path / "empty", "--against", str(kept)).code == 4


@pytest.mark.parametrize("change", ["text", "signature"])
def test_a_signature_over_something_else_is_found(
    demo: Path, pack: Path, tmp_path: Path, change: str
) -> None:
    """The line that says when a checkpoint was made is told by nothing but the signature."""
    if change == "text":
        edit(pack, "checkpoint.note", lambda data: data.replace(b" 2026-11-25T", b" 2026-11-24T"))
    else:
        note = Note.read((pack / "checkpoint.note").read_bytes())
        (signature,) = note.signatures
        forged = signature._replace(value=signature.value[:-1] + bytes([signature.value[-1] ^ 1]))
        (pack / "checkpoint.note").write_bytes(note._replace(signatures=(forged,)).write())
    summed(pack)
    assert checked(pack, tmp_path / "empty").code == 1
    assert checked(pack, tmp_path / "empty", "--key", key_of(demo)).code == 4


@pytest.mark.parametrize(
    "key", ["", "nonsense", "a+b+c", "a+b+AAAA", "roadlog/SUP/0+00000000+AQ==", "kind,when\n1,2\n"]
)
def test_a_slip_of_the_reader_is_none_of_the_pack(of_one: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "key").write_text(key)
    for option in ("--key", "--witness", "--against", "--tsa"):
        for name in ("key", "none"):
            found = checked(of_one, tmp_path / "empty", option, str(tmp_path / name))
            assert (found.code, f"{name} is no file with what it takes" in found.said) == (2, True)


def test_numbers_and_folders_that_are_none_are_slips_too(of_one: Path, tmp_path: Path) -> None:
    assert checked(of_one, tmp_path / "empty", "--quorum", "-1").code == 2
    assert checked(of_one, tmp_path / "empty", str(tmp_path / "none")).code == 2


def test_without_openssl_nothing_is_said_to_be_signed(
    demo: Path, of_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = checked(of_one, tmp_path / "empty", "--key", key_of(demo))
    assert (found.code, "openssl" in found.said) == (6, True)


def test_it_changes_nothing(pack: Path, of_one: Path, tmp_path: Path) -> None:
    checked(pack, tmp_path / "empty")
    assert files(pack) == files(of_one)
