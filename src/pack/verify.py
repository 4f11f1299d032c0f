"""Checks an evidence pack of roadlog, with nothing but Python 3.9 or later, openssl and ssh-keygen:
    python3 -I -S verify.py [--key LOG] [--witness KEY] [--tsa CERTIFICATES] [--against CHECKPOINT] [--quorum N] [PACK]
All but PACK is to reach you by another way. Exit 0: it is as recorded, signed by the key of the LOG, and N outsiders
vouch for all; 1: whole, but for that; 2: you gave something else; 4: tampered with; 6: unreadable, or no program.
"""
import argparse, functools, json, re, shutil, stat, subprocess, sys, tempfile, typing
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
DER = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of an Ed25519 key
ED25519 = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile sig"
STAMP, LEFT = "openssl ts -verify -in tsr -data text -CAfile ca", (".DS_Store", "Thumbs.db")  # by file managers
FORM = "headers.txt, records.jsonl, a note or SHA256SUMS holds what roadlog does not write"
GIVEN = {"key": rb"\S+\+[0-9a-f]{8}\+A\S{43}$", "witness": rb"\S+\+[0-9a-f]{8}\+B\S{43}$",  # how it begins
    "tsa": rb"(?s).*-----BEGIN CERTIFICATE-----\n", "against": rb".+\n\d+\n\S{43}=\n(.+\n)*\n"}
def sure(holds: bool, why: str) -> None:
    if not holds: raise AssertionError(why)
def read(path: Path, most: int) -> bytes:
    sure(path.stat().st_size <= most, f"{path.name} is longer than roadlog makes it")
    return path.read_bytes()
def given(option: str, name: str) -> bytes:
    data = Path(name).read_bytes().strip() if Path(name).is_file() else b""
    if not re.match(GIVEN[option], data): raise argparse.ArgumentTypeError(f"{name} is no file with what it takes")
    return data
def says_yes(command: str, given: bytes = b"", **files: bytes) -> bool:  # a program, of files in their own folder
    program, *words = command.split(" ")
    if not (run := shutil.which(program)): raise OSError(f"{program} is not installed; it checks signatures")
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items(): Path(place, name).write_bytes(content)
        return not subprocess.run([run, *words], cwd=place, input=given, capture_output=True, check=False).returncode
class Note:
    """A checkpoint: of which log, its size and its root, and who signed it (c2sp.org/signed-note)."""
    def __init__(self, data: bytes) -> None:
        text, _, below = data.decode().rpartition("\n\n")
        self.origin, size, root = text.split("\n")[:3]
        self.data, self.text, self.size, self.root = data, f"{text}\n".encode(), int(size), b64decode(root)
        self.lines = [(who, b64decode(value)) for _, who, value in map(str.split, below.splitlines())]
    def signed(self, key: bytes, kind: int) -> bool:  # 1: a log's key signs the text; 4: a witness', a time and it
        name, public = key.decode().split("+", 2)[0], b64decode(key.split(b"+", 2)[2])
        me = (name, sha256(f"{name}\n".encode() + public).digest()[:4], kind)
        for value in [value for who, value in self.lines if (who, value[:4], public[0]) == me]:
            time = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[4:12], "big") if kind == 4 else b""
            if says_yes(ED25519, key=DER + public[1:], text=time + self.text, sig=value[12 if time else 4:]): return True
        return False
def check_sums(folder: Path) -> list[str]:  # the names of all files: plain ones, each as SHA256SUMS says
    found = [each for each in folder.rglob("*") if each.is_symlink() or not (each.is_dir() or each.name in LEFT)]
    sure(all(stat.S_ISREG(each.lstat().st_mode) for each in found), "the folder holds what is no file, such as a link")
    sums = dict(row.split("  ")[::-1] for row in read(folder / "SHA256SUMS", 1 << 25).decode("ascii").split("\n") if row)
    others = {*sums, "SHA256SUMS"} ^ {each.relative_to(folder).as_posix() for each in found}
    sure(not others, f"only one of SHA256SUMS and the folder has {', '.join(sorted(others))}")
    for name, total in [(each, sha256()) for each in sums]:
        with open(folder / name, "rb") as file:
            for part in iter(functools.partial(file.read, 1 << 20), b""): total.update(part)
        sure(total.hexdigest() == sums[name], f"{name} is changed")
    return [*sums]
def check_vote(text: bytes, told: dict[str, typing.Any], body: typing.Any, keys: bytes) -> None:  # signed, as told
    who, data = body["actor"]["id"], body["data"]
    told |= {"stakeholder": who, "effective_at": body["effective_at"], "decision": "approved"}
    told |= {each: data[each] for each in ("milestone", "role", "subject", "valid_until")}
    for name, words in [(each, {**body, **data}[each]) for each in ("conditions", "statement", "reason")]:
        whole = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        told[name] = sha256(whole).hexdigest() if words else None
    lines = {f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()}
    command = f"ssh-keygen -Y verify -f keys -s signature -n approval@{told['origin']} -I {who}"
    signed = " " not in who + told["origin"] and says_yes(command, text, keys=keys, signature=data["signature"].encode())
    right = signed and lines <= {*text.decode().split("\n")}
    sure(right, f"{told['initiative']} version {told['version']} is no approval that {who} signed")
def check_log(folder: Path, notes: dict[str, Note], ours: list[bytes]) -> tuple[int, int, int, str, dict[str, int]]:
    last, hidden = dict[str, tuple[int, str]](), dict[str, int]()  # by stream: the last record, the first withheld one
    signers = dict[tuple[str, str], tuple[str, str, str, str]]()  # by handle and fingerprint: whose, what, when
    peaks, shown, log, before, size, votes, upto = list[bytes](), dict[str, int](), "", "", 0, 0, 0  # shown: by stream
    with open(folder / "headers.txt", "rb") as headers, open(folder / "records.jsonl", "rb") as lines:
        record: typing.Any = next(records := map(json.loads, iter(lambda: lines.readline(1 << 20), b"")), ...)
        while header := b"".join(headers.readline(1 << 20) for _ in range(8)):
            size += 1
            form, position, stream, version, kind, at, payload, previous, end = header.decode().split("\n")
            said, due = (form, position, end, int(version) - 1, previous), last.get(stream, (0, "-"))
            right = said == ("roadlog/leaf/v1", str(size), "", *due) and at >= before
            sure(right, f"the header of record {size} does not follow those before it")
            leaf, index = sha256(b"\0" + header).digest(), size - 1
            last[stream], before, log = (int(version), leaf.hex()), at, log or f"roadlog/{stream}/{leaf.hex()[:16]}"
            while index & 1: leaf, index = sha256(b"\1" + peaks.pop() + leaf).digest(), index >> 1
            peaks.append(leaf)
            for name in [name for name, note in notes.items() if note.size == size]:
                root = functools.reduce(lambda right, left: sha256(b"\1" + left + right).digest(), peaks[::-1])
                sure((notes[name].origin, notes[name].root) == (log, root), f"{name} is of another or a changed log")
            if record is ... or record["position"] != size:
                if not kind.startswith("Consent"): hidden.setdefault(stream, size)  # one may be about another stream
                continue
            content = b64decode(record["bytes"], validate=True)
            sure(sha256(content).hexdigest() == payload, f"the content of record {size} is not that of its header")
            body, record, upto, shown[stream] = json.loads(content), next(records, ...), size, shown.get(stream, 0) + 1
            data, who = body["data"], body["data"].get("stakeholder", body["actor"]["id"])
            if kind == "KeyEnrolled":
                sha = b64encode(sha256(b64decode(data["public_key"].split()[1])).digest()).decode().rstrip("=")
                signers[who, f"SHA256:{sha}"] = who, data["public_key"], data["valid_from"], data["valid_until"] or "9"
            elif kind == "LogKeyChanged" and (old := data["old"].encode()) in ours:
                text = f'roadlog/log-key/v1\norigin: "{log}"\nversion: {version}\nold: "{data["old"]}"\n'
                own = {"key": DER + b64decode(old.split(b"+", 2)[2])[1:], "sig": b64decode(data["by_old"])}
                right = says_yes(ED25519, text=f'{text}new: "{data["new"]}"\n'.encode(), **own)
                sure(right, f"the log's key did not sign record {size}, by which another takes its place")
                ours[ours.index(old)] = data["new"].encode()  # takes its place
            elif kind == "KeyRetired": signers.pop((who, data["fingerprint"]))
            elif kind == "StakeholderApproved" and data["signature"]:
                keys = [f"{who} {key}\n" for of, key, since, end in signers.values() if of == who and since <= at < end]
                votes, told = votes + 1, dict(origin=log, initiative=stream, version=int(version), previous=previous)
                check_vote(read(folder / f"approvals/{size}.txt", 1 << 20), told, body, "".join(keys).encode())
    ends = [max(each.size for each in notes.values()), notes["checkpoint.note"].size, record] == [size, size, ...]
    sure(ends and size > 0, "headers.txt ends too early, or too late")
    holes = [f"{hidden[each]} of {each}" for each in shown if hidden.get(each, upto) < upto]
    sure(not holes, f"contents are left out among those of their stream: record {', '.join(holes)}")
    return size, votes, upto, log, shown
def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for each in GIVEN:
        ask.add_argument(f"--{each}", action="append", default=[], metavar="FILE", type=functools.partial(given, each))
    ask.add_argument("--quorum", type=int, default=1, metavar="N", help="how many outsiders are wanted; else 1")
    ask.add_argument("pack", nargs="?", type=Path, default=Path(__file__).absolute().parent, help="its folder")
    told = ask.parse_args()
    if told.quorum < 0 or not told.pack.is_dir(): ask.error(f"{told.pack} is no folder, or --quorum is less than 0")
    names = check_sums(told.pack)
    notes = {each: Note(read(told.pack / each, 1 << 14)) for each in [*names, "checkpoint.note"] if each[-5:] == ".note"}
    copies = {note.data.strip() for note in notes.values()} & {*told.against}
    kept = {f"--against {number}": Note(each) for number, each in enumerate({*told.against} - copies, 1)}
    size, votes, upto, log, shown = check_log(told.pack, {**notes, **kept}, told.key)
    sure(votes == sum(each[:10] + each[-4:] == "approvals/.txt" for each in names), "approvals has a text of no record")
    sure(all(notes["checkpoint.note"].signed(key, 1) for key in told.key), "it is not signed by the key that you gave")
    sizes = [max((note.size for note in kept.values()), default=0)] + [0] * told.quorum
    sizes += [max(note.size * note.signed(key, 4) for note in notes.values()) for key in {*told.witness}]
    tokens = [(notes[each[:-3] + "note"], read(told.pack / each, 1 << 20)) for each in names if each[-3:] == "tsr"]
    sizes += [max([n.size * says_yes(STAMP, tsr=t, text=n.data, ca=ca) for n, t in tokens] + [0]) for ca in {*told.tsa}]
    vouched = sorted(sizes)[-told.quorum] if told.quorum else size
    every, hidden = sum(each >= size for each in sizes), size - sum(shown.values())
    who = f"{every} from outside vouch" if every else "nobody from outside vouches"
    part = f"; enough do for the first {vouched}" if 0 < vouched < size else ""
    print(f"ok: {len(names)} files are those of SHA256SUMS")
    print(f"ok: {size} headers are the log {log!a}; so are {size - hidden} contents, {votes} signed approvals")
    print(f"ok: {hidden} contents are withheld, none of {', '.join(shown)[:60]!a} up to record {upto}, consents apart")
    print("ok: signed by the log's key" if told.key else "NOT CHECKED: the log's signature; give its key by --key")
    if copies: print("NOT COUNTED: what --against names is in the pack, too: keep one from before the pack was made")
    print(f"{'ok' if vouched >= size else 'NOT ALL'}: {who} for all {size} records ({told.quorum} wanted){part}")
    return 0 if told.key and vouched >= size else 1
if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AssertionError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        gone = isinstance(error, FileNotFoundError) and error.filename
        why = f"{gone} is missing" if gone else error if isinstance(error, (AssertionError, OSError)) else FORM
        print(f"{'COULD NOT CHECK' if isinstance(error, OSError) and not gone else 'WRONG'}: {ascii(str(why))[1:-1]}")
        sys.exit(6 if isinstance(error, OSError) and not gone else 4)
