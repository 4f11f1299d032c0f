"""Checks an evidence pack of roadlog, with nothing but Python 3.9 or later, openssl and ssh-keygen:

    python3 -I -S verify.py [--key FILE] [--witness FILE] [--tsa FILE] [--against FILE] [--quorum N] [PACK]

Each FILE has to reach you by another way than the pack: the log's public key, a witness' public key, the root
certificates of a time-stamp authority, a checkpoint that you kept. Exit 0: all is as recorded, signed by that key,
and N outsiders (1, unless given) vouch for all of it; 1: it is whole, but for that; 4: tampered with; 6: unreadable.
"""
import argparse, functools, json, shutil, stat, subprocess, sys, tempfile
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

DER = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of an Ed25519 key
ED25519 = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
STAMP = "openssl ts -verify -in token -data text -CAfile roots"

def says_yes(command: str, given: bytes = b"", **files: bytes) -> bool:
    """Whether a program approves of what it is given, and of some files in a folder of their own."""
    program, *words = command.split(" ")
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items():
            Path(place, name).write_bytes(content)
        run = [shutil.which(program) or program, *words]
        return not subprocess.run(run, cwd=place, input=given, capture_output=True, check=False).returncode

class Note:
    """A checkpoint: of which log, its size and its root, and who signed it (c2sp.org/signed-note)."""
    def __init__(self, data: bytes) -> None:
        text, _, below = data.decode().rpartition("\n\n")
        self.origin, size, root = text.split("\n")[:3]
        self.data, self.text, self.size, self.root = data, f"{text}\n".encode(), int(size), b64decode(root)
        self.lines = [line.split(" ") for line in below.splitlines()]

    def signed(self, key: bytes, kind: int) -> bool:
        """Whether a key of that kind signed it: 1, of a log, signs the text; 4, of a witness, a time and the text."""
        name, _, blob = key.decode().split("+", 2)
        public, mine = b64decode(blob), f"{name}\n".encode()
        for value in [b64decode(value) for _, who, value in self.lines if who == name]:
            time = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[4:12], "big") if kind == 4 else b""
            files = {"key": DER + public[1:], "text": time + self.text, "signature": value[-64:]}
            if (public[0], value[:4]) == (kind, sha256(mine + public).digest()[:4]) and says_yes(ED25519, **files):
                return True
        return False

def check_sums(folder: Path) -> list[str]:
    """The names of all files: plain ones, each with its digest in SHA256SUMS."""
    found = [each for each in folder.rglob("*") if each.is_symlink() or not each.is_dir()]
    if not all(stat.S_ISREG(each.lstat().st_mode) for each in found):
        raise ValueError("the folder holds what is no plain file, such as a link")
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text("ascii").splitlines())
    if others := {*sums, "SHA256SUMS"} ^ {each.relative_to(folder).as_posix() for each in found}:
        raise ValueError(f"SHA256SUMS and the folder differ in {sorted(others)}")
    if wrong := [name for name in sums if sha256((folder / name).read_bytes()).hexdigest() != sums[name]]:
        raise ValueError(f"{', '.join(wrong)}: not what SHA256SUMS names")
    return [*sums]

def check_vote(text: bytes, told: dict[str, Any], body: Any, keys: bytes) -> None:
    """A signed approval: the text says what was recorded, and one of the approver's keys signed it."""
    who, data = body["actor"]["id"], body["data"]
    told |= {"stakeholder": who, "effective_at": body["effective_at"], "decision": "approved"}
    told |= {each: data[each] for each in ("milestone", "role", "subject", "valid_until")}
    for name, words in [(each, {**body, **data}[each]) for each in ("conditions", "statement", "reason")]:
        whole = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        told[name] = sha256(whole).hexdigest() if words else None
    lines = {f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()}
    command = f"ssh-keygen -Y verify -f keys -s signature -n approval@{told['origin']} -I {who}"
    signed = says_yes(command, text, keys=keys, signature=data["signature"].encode())
    if " " in who + told["origin"] or lines - {*text.decode().splitlines()} or not signed:
        raise ValueError(f"{told['initiative']} version {told['version']} is no approval that {who} signed")

def check_log(folder: Path, notes: dict[str, Note]) -> tuple[int, int, int, str]:
    """Headers, chains, roots of notes, contents and signed approvals; gives how many, and which log."""
    last: dict[str, tuple[int, str]] = {}
    signers: dict[tuple[str, str], tuple[str, str, str]] = {}  # by handle and fingerprint: key, since, until
    peaks: list[bytes] = []  # the roots of complete subtrees, from left to right (RFC 9162)
    log, before, size, count, votes = "", "", 0, 0, 0
    with open(folder / "headers.txt", "rb") as headers, open(folder / "records.jsonl", "rb") as lines:
        shown = map(json.loads, iter(lambda: lines.readline(1 << 20), b""))
        record: Any = next(shown, None)
        while header := b"".join(headers.readline(1 << 20) for _ in range(8)):
            size += 1
            form, position, stream, version, kind, at, payload, previous, end = header.decode().split("\n")
            place = ("roadlog/leaf/v1", str(size), last.get(stream, (0, "-")))
            if (form, position, (int(version) - 1, previous)) != place or at < before or end:
                raise ValueError(f"the header of record {size} does not follow those before it")
            leaf, index = sha256(b"\0" + header).digest(), size - 1
            last[stream], before, log = (int(version), leaf.hex()), at, log or f"roadlog/{stream}/{leaf.hex()[:16]}"
            while index & 1:
                leaf, index = sha256(b"\1" + peaks.pop() + leaf).digest(), index >> 1
            peaks.append(leaf)
            for name in [name for name, note in notes.items() if note.size == size]:
                root = functools.reduce(lambda right, left: sha256(b"\1" + left + right).digest(), peaks[::-1])
                if (notes[name].origin, notes[name].root) != (log, root):
                    raise ValueError(f"{name} is of another log, or of this one before it was changed")
            if not record or record["position"] != size:
                continue
            content = b64decode(record["bytes"], validate=True)
            if sha256(content).hexdigest() != payload:
                raise ValueError(f"the content of record {size} is not that of its header")
            body, record, count = json.loads(content), next(shown, None), count + 1
            data, who = body["data"], body["data"].get("stakeholder", body["actor"]["id"])
            if kind == "KeyEnrolled":
                digest = b64encode(sha256(b64decode(data["public_key"].split()[1])).digest()).decode().rstrip("=")
                window = (data["valid_from"], data["valid_until"] or "9")
                signers[who, f"SHA256:{digest}"] = (f"{who} {data['public_key']}\n", *window)
            elif kind == "KeyRetired":
                signers.pop((who, data["fingerprint"]))
            elif kind == "StakeholderApproved" and data["signature"]:
                keys = [key for (name, _), (key, since, till) in signers.items() if name == who and since <= at < till]
                told = {"origin": log, "initiative": stream, "version": int(version), "previous": previous}
                check_vote((folder / f"approvals/{size}.txt").read_bytes(), told, body, "".join(keys).encode())
                votes += 1
    if record or any(note.size > size for note in notes.values()):
        raise ValueError("headers.txt ends too early: a content, or a checkpoint, goes further")
    return size, count, votes, log

def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--key", "--witness", "--tsa", "--against"):
        ask.add_argument(option, action="append", default=[], type=lambda path: Path(path).read_bytes().strip())
    ask.add_argument("--quorum", type=int, default=1)
    ask.add_argument("pack", nargs="?", type=Path, default=Path(__file__).absolute().parent)
    given = ask.parse_args()
    names = check_sums(given.pack)
    kept = {f"--against {number}": Note(each) for number, each in enumerate(given.against, 1)}
    notes = {each: Note((given.pack / each).read_bytes()) for each in names if each.endswith(".note")} | kept
    size, count, votes, log = check_log(given.pack, notes)
    if not all(notes["checkpoint.note"].signed(key, 1) for key in given.key):
        raise ValueError("checkpoint.note is not signed by the key that you gave")
    vouching = [max((note.size for note in kept.values()), default=0)] + [0] * given.quorum
    vouching += [max(note.size * note.signed(key, 4) for note in notes.values()) for key in {*given.witness}]
    tokens = [(notes[each[:-3] + "note"], (given.pack / each).read_bytes()) for each in names if each[-3:] == "tsr"]
    for roots in {*given.tsa}:
        some = [each.size for each, token in tokens if says_yes(STAMP, token=token, text=each.data, roots=roots)]
        vouching.append(max(some, default=0))
    vouched = sorted(vouching)[-given.quorum] if given.quorum else size
    print(f"ok: {len(names)} files are those of SHA256SUMS")
    print(f"ok: {size} headers are the log {log}; so are {count} contents, {votes} signed approvals, {len(notes)} notes")
    print("ok: signed by the log's key" if given.key else "NOT CHECKED: the log's signature; give its key by --key")
    print(f"{'ok' if vouched >= size else 'NOT ALL'}: {given.quorum} from outside vouch for {vouched} of {size} records")
    return 0 if given.key and vouched >= size else 1

if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        print(f"{'COULD NOT CHECK' if isinstance(error, OSError) else 'WRONG'}: {str(error)!a}")
        sys.exit(6 if isinstance(error, OSError) else 4)
