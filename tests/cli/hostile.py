"""Hostile text, the steps that record it in every field, and what of it must not reach a terminal."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from unicodedata import category

from roadlog.domain.ssh_keys import read
from roadlog.projections.differences import FIELDS
from tests.cli.line import Line
from tests.interop.boards import MOVED, issue, page

MARK = "Zq\u202e7"
LINE = (
    MARK
    + "\u2066a\u200bb\u200ec\ufeffd\u00ade\u2028f\u2029g\U000e0041h\u034fi\u3164j\U000e0100k\u115fl\ufff9m"
    "\u180en\ue000o[red]p[/red]%(q)s{r}\\x1b[31ms\\u202e<img src='x' onerror='y'>&amp;</td>"
)
"""All that may be recorded in one line, and must not reach a terminal as it is."""
TEXT = LINE + "\nt\tu\u202dv"
OBEYED = "Zq\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\x85\r\x08"
"""What is refused on the way in."""
IGNORED = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0100\ufe00")
HASH = sha256(b"x").hexdigest()
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE"
FINGERPRINT = read(PUBLIC).fingerprint
STEPS: tuple[tuple[str, str], ...] = (
    ("paula", "init --key SUP --name L --because T"),
    ("paula", "stakeholder add dan --role data-science --name L --because T"),
    ("paula", "stakeholder add erin --role engineering --email L"),
    ("paula", "stakeholder add carla --role compliance"),
    ("paula", "stakeholder add otto --role customer-ops"),
    ("paula", "stakeholder add bob --role product --kind agent"),
    ("paula", "stakeholder grant dan --role product --because T"),
    ("paula", "stakeholder revoke dan --role product --because T"),
    ("paula", "stakeholder leave bob --because T"),
    ("paula", "key enrol carla PUBFILE --until 2999-01-01 --because T"),
    ("carla", "key rotate --because T"),
    ("carla", f"key retire carla {FINGERPRINT} --because T"),
    ("paula", "workflow adopt OURS --because T"),
    (
        "paula",
        "define L --problem T --metric L --unit L --target -30% --segment L --approach T --because T",
    ),
    ("paula", "adopt L --in training --since 2026-01-01 --owner dan --because T"),
    ("paula", "define L --for SUP-2 --problem T"),
    ("paula", "reframe SUP-1 --title L --problem T --segment L --segment EU --approach T --because T"),
    ("paula", "owner SUP-1 paula --because T"),
    ("paula", "place SUP-1 now --rank 1 --because T"),
    ("paula", "depend SUP-2 --on SUP-1 --because T"),
    ("paula", "target SUP-1 L --unit L --baseline 10 --because T"),
    ("paula", "target SUP-1 other --unit L --target 5"),
    ("paula", "advance SUP-1 --because T"),
    ("paula", "classify SUP-1 --purpose T --affected T --class limited --basis T --because T"),
    ("paula", "expect SUP-1 --iterations 3-5 --told compliance --because T"),
    ("paula", "measure SUP-1 L 8 --because T"),
    ("paula", "evidence attach SUP-1 FILE --kind dataset --title L --because T"),
    ("paula", f"evidence attach SUP-1 URI --kind evaluation --sha256 {HASH}"),
    (
        "paula",
        "criterion set SUP-1 F1 --milestone training --metric L --operator >= --threshold 1 --segment L",
    ),
    (
        "paula",
        "criterion set SUP-1 F2 --milestone training --metric L --operator >= --threshold 1 --because T",
    ),
    ("paula", "criterion retire SUP-1 F2 --because T"),
    ("paula", "result SUP-1 F1 2 --because T"),
    ("paula", "result SUP-1 --from RESULTS --because T"),
    ("paula", "request SUP-1 --because T"),
    ("carla", "approve SUP-1 --condition T --statement T --because T"),
    ("carla", "withdraw SUP-1 --because T"),
    ("carla", "condition met SUP-1 C1 --because T"),
    ("carla", "reject SUP-1 --because T"),
    ("carla", "abstain SUP-1 --because T"),
    ("carla", "approve SUP-1 --role compliance --statement T"),
    ("paula", "reframe SUP-1 --problem T --because T"),
    ("carla", "checkin SUP-1 --role compliance T --because T"),
    ("carla", "waive SUP-1 approval:data-science --until 2999-01-01 --because T"),
    ("paula", "advance SUP-1 --break-glass --because T"),
    ("carla", "review SUP-1 LAST --upheld --because T"),
    ("paula", "return SUP-1 feasibility --loop learning --learned T --change T --because T"),
    ("paula", "block SUP-1 --by T --because T"),
    ("paula", "unblock SUP-1 --because T"),
    ("paula", "pause SUP-1 --because T"),
    ("paula", "resume SUP-1 --because T"),
    ("paula", "rollout SUP-1 12.5 --because T"),
    ("paula", "stop SUP-1 --because T"),
    ("paula", "reopen SUP-1 --because T"),
    ("paula", "risk log SUP-1 T --category hallucination --likelihood 4 --impact 4 --because T"),
    ("paula", "risk log SUP-1 T --category bias --likelihood 4 --impact 4 --because T"),
    ("paula", "risk assess SUP-1 R1 --likelihood 4 --impact 3 --because T"),
    ("paula", "risk mitigate SUP-1 R1 --treatment T --likelihood 2 --impact 3 --because T"),
    ("paula", "risk accept SUP-1 R2 --until 2999-01-01 --because T"),
    ("paula", "risk close SUP-1 R1 --because T"),
    ("paula", "risk reopen SUP-1 R1 --because T"),
    ("paula", "fallback define SUP-1 T --kind human-handoff --trigger T --owner otto --because T"),
    ("paula", "fallback test SUP-1 --passed --because T"),
    ("paula", "fallback activate SUP-1 --because T"),
    ("paula", "fallback deactivate SUP-1 --because T"),
    ("paula", "notice define SUP-1 T --where T --locale L --because T"),
    ("paula", "monitor define SUP-1 T --where T --owner dan --because T"),
    ("paula", "edge-case log SUP-1 T --severity 4 --source T --risk R1 --because T"),
    ("paula", "edge-case import SUP-1 CASES --because T"),
    ("paula", "edge-case triage SUP-1 E1 --outcome dataset --because T"),
    ("paula", "edge-case review SUP-1 --source T --sample 40 --found 2 --because T"),
    ("paula", "experiment start SUP-1 X1 --hypothesis T --metric L --variant L --variant b --because T"),
    ("paula", "experiment conclude SUP-1 X1 --decision iterate --summary T --variant VARIANT --because T"),
    ("paula", "experiment start SUP-1 X2 --hypothesis T --metric L --variant L --variant b"),
    ("paula", "incident open SUP-1 T --aware 2026-02-01 --severity 4 --because T"),
    ("paula", "incident report SUP-1 I1 --to L --because T"),
    ("paula", "incident close SUP-1 I1 --because T"),
    ("paula", "note SUP-1 T --because T"),
    ("paula", "undo --because T"),
    ("paula", "note SUP-1 T"),
    ("carla", "void LAST --because T"),
    ("dan", "consent LAST --because T"),
    ("paula", "note SUP-1 T"),
    ("carla", "void LAST --because T"),
    ("paula", "erase carla --basis T"),
    ("dan", "consent LAST --because T"),
    ("paula", "erase otto --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "advance SUP-2 --break-glass --because T"),
    ("paula", "retire SUP-2 --because T"),
    *(
        step
        for number in range(3, 13)
        for step in (
            ("paula", "adopt Done --in experimentation --since 2026-01-01"),
            ("paula", f"advance SUP-{number} --break-glass --because live_already"),
        )
    ),
    ("paula", "adopt Young --in experimentation --since 2026-02-01"),
    ("paula", "forecast keep SUP-13 --because T"),
)
"""Every writing verb; T stands for hostile text, L for hostile text of one line."""
READING = (
    *("", "board", "show SUP-1", "show SUP-2", "gate SUP-1", "gate SUP-2", "log", "log SUP-1", "log SUP"),
    *("next", "next --for carla", "next --for dan", "metrics", "metrics SUP-1", "stakeholder list"),
    *(f"why SUP-1 {field}" for field in FIELDS),
    *(
        "why SUP stakeholders",
        "why SUP consents",
        "why SUP erasures",
        "diff 0 now",
        "diff 12 now",
        "diff now 20 SUP-1",
    ),
    *("replay", "replay SUP-1 --from 3 --to now"),
    "watch --position 3 --count 20",
    *("workflow show", "evidence list SUP-1", "risk list", "risk list SUP-1", "edge-case list"),
    *(
        "incident list",
        "edge-case list SUP-1",
        "verify",
        "checkpoint",
        "projections status",
        "projections check",
    ),
    *("audit", "audit SUP-1", "audit SUP-2 --control roadlog", "audit --control soc2 --position 40"),
    *("key list", "key list --allowed-signers", "key list --log", "why SUP keys"),
    *("token new carla", "token list"),
    *("prove 12", "prove --consistency 3 40"),
    *("export jsonl", "export jsonl SUP-1", "export cloudevents", "export ocel", "export ocel SUP-2"),
    *("search Zq", "search Zq\u202e7", "search L", "search T", "search zebra"),
    *(
        "forecast",
        "forecast SUP-1",
        "forecast SUP-2",
        "forecast --by tomorrow",
        "forecast --count 3",
        "forecast SUP-13",
    ),
    *("forecast score", "why SUP forecasts"),
    *("risk catalogue", "workflow show lite", "workflow check OURS"),
    *("metrics --chart ageing", "metrics SUP-1 --chart time-in-milestone", "metrics --chart outcome"),
    *("digest --for carla --after 0", "digest --for carla --after 0 --html", "digest --position 40"),
    *("board --position 30", "show SUP-1 --position 40", "gate SUP-1 --position 40", "log --type NoteAdded"),
)


class Filled:
    """What a line's words stand for."""

    def __init__(self, folder: Path) -> None:
        self.values = {
            "T": TEXT,
            "L": LINE,
            "FILE": str(folder / f"{MARK}data.csv"),
            "URI": f"https://x.example/{LINE}",
            "VARIANT": f"{LINE}=2:9",
            "OURS": str(folder / f"{MARK}ours.toml"),
            "PUBFILE": str(folder / f"{MARK}carla.pub"),
            "RESULTS": str(folder / f"{MARK}results.csv"),
            "CASES": str(folder / f"{MARK}cases.csv"),
            "BOARD": str(folder / f"{MARK}board.json"),
            "LAST": "0",
        }
        question = '"' + LINE.replace("\\", "\\\\") + '"'
        ours = Line(folder / ".none")("workflow", "show", "ai-product", "--toml")
        ours = ours.replace('"Do we have the right data?"', question).replace("version = 1", "version = 2")
        cases = f'description,severity,source\n"{TEXT}",4,"{TEXT}"\n'
        files = {
            "OURS": ours,
            "FILE": "question,answer\n",
            "PUBFILE": f"{PUBLIC} {LINE}\n",
            "RESULTS": "criterion,value,sample\nF1,2,50\n",
            "CASES": cases,
            "BOARD": json.dumps(page(issue("DEMO-1", *MOVED, now=LINE, summary=TEXT))),
        }
        for name, content in files.items():
            Path(self.values[name]).write_text(content, encoding="utf-8")

    def words(self, words: str) -> list[str]:
        return [self.values.get(word, word) for word in words.split()]


def hostile_store(folder: Path) -> Line:
    """A store in which every field that takes text holds hostile text; in a folder where one stands."""
    line, filled = Line(folder / ".roadlog"), Filled(folder)
    for number, (by, words) in enumerate(STEPS):
        line(*filled.words(words), "--command-id", f"{LINE}{number}", by=by)
        filled.values["LAST"] = str(line.records())
    return line


def raw(said: str) -> list[str]:
    """The characters of what was printed that a terminal obeys, or that nobody sees."""
    found = {each for each in said if each not in "\n\t" and (category(each) in UNSHOWN or each in IGNORED)}
    return sorted(f"U+{ord(each):04X}" for each in found)


UNSHOWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
