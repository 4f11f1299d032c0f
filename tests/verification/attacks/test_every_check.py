"""Every check of the verifier is there for some attack: without it, that one is told wrong or not at all."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from roadlog.domain.refusals import RoadlogError
from roadlog.event_store import diagnosis, tables_check, verify
from roadlog.trust import anchor
from roadlog.trust import log_keys as changes
from roadlog.verification import anchors, checkpoints, log_keys
from roadlog.verification import verdict as verdict_of
from tests.verification.attacks.conftest import Victim
from tests.verification.attacks.intruder import after, verdict
from tests.verification.attacks.test_table import ROWS

CHECKING = (diagnosis, tables_check, verify, changes, checkpoints, log_keys, anchor, anchors, verdict_of)
"""In the order in which they import one another."""


@contextmanager
def without(module: ModuleType, check: str, instead: str) -> Iterator[None]:
    """As if a check were not there: its text, which stands once in the module, is another one."""
    sources = {each: inspect.getsource(each) for each in CHECKING}
    assert sources[module].count(check) == 1, check
    kept = {each: dict(each.__dict__) for each in CHECKING}
    try:
        for each, source in sources.items():
            changed = source.replace(check, instead) if each is module else source
            exec(compile(changed, str(each.__file__), "exec"), each.__dict__)  # noqa: S102 (our own source)
        yield
    finally:
        for each, names in kept.items():  # the same classes and functions as before: others know them, too
            each.__dict__.clear()
            each.__dict__.update(names)


def told_wrong(victim: Victim, copy: Path) -> list[str]:
    """The attacks whose verdict is not what it should be."""
    wrong = []
    for row in ROWS:
        attack, against, expected = row.values
        after(attack, victim.folder, copy)  # type: ignore[arg-type]
        try:
            found = verdict(copy, victim.now, against(victim))  # type: ignore[operator]
        except RoadlogError:
            found = None
        if found != expected:
            wrong.append(str(row.id))
    return wrong


def test_with_every_check_all_are_told_right(victim: Victim, copy: Path) -> None:
    with without(verify, "PROGRESS_EVERY = 1000", "PROGRESS_EVERY = 1001"):
        assert told_wrong(victim, copy) == []


@pytest.mark.parametrize(
    ("module", "check", "instead"),
    [
        pytest.param(verify, "for fault in self.reading.faults():", "for fault in ():", id="schema"),
        pytest.param(verify, "if position != last_position + 1:", "if False:", id="gaps"),
        pytest.param(verify, "computed == stored and ", "", id="leaf"),
        pytest.param(verify, " and recorded_at >= last_recorded", "", id="times in order"),
        pytest.param(
            verify,
            '            self._problem("unreadable", record.position',
            '            () and self._problem("unreadable", record.position',
            id="bodies",
        ),
        pytest.param(verify, "said != command_id:", "False:", id="command of a body"),
        pytest.param(
            verify,
            "            return checking.run(beside)",
            "            return checking.run(None)",
            id="beside",
        ),
        pytest.param(
            verify,
            "        root = tree.finish()",
            "        root, tree.problems = tree.finish(), []",
            id="tree",
        ),
        pytest.param(
            verify,
            "        commands.finish(self.position)",
            "        commands.uncovered.clear()",
            id="commands",
        ),
        pytest.param(
            log_keys,
            "if first is not None and first.name != self._origin:",
            "if False:",
            id="log.pub of this log",
        ),
        pytest.param(
            log_keys,
            "isinstance(self._against, Verifier) and self._against not in known",
            "False",
            id="the key given",
        ),
        pytest.param(checkpoints, "if kept.id != last + 1:", "if False:", id="no checkpoint left out"),
        pytest.param(
            checkpoints,
            "if (said.number, said.size, said.made_at) != kept[:3]:",
            "if False:",
            id="columns",
        ),
        pytest.param(
            checkpoints,
            "before and (kept.size < before.size or kept.made_at <= before.made_at)",
            "False",
            id="order",
        ),
        pytest.param(checkpoints, "if said.origin != self._origin:", "if False:", id="origin of a note"),
        pytest.param(checkpoints, "        if signature is None:", "        if False:", id="signed"),
        pytest.param(
            checkpoints,
            "            signature = key.signed(note)",
            "            signature = note.signatures",
            id="by the key",
        ),
        pytest.param(
            checkpoints,
            '        if said.size > self._size:\n            records = f"{said',
            '        if False:\n            records = f"{said',
            id="size",
        ),
        pytest.param(
            checkpoints,
            "        if root == said.root:\n            return None",
            "        return None",
            id="root",
        ),
        pytest.param(
            checkpoints,
            "self.last is not None and self.last.size == said.size:",
            "False:",
            id="two roots",
        ),
        pytest.param(
            checkpoints,
            "        found = self._signed(self._against, said, name)\n",
            "        found = None\n",
            id="signature of what is given",
        ),
        pytest.param(
            checkpoints,
            "if found is None and said.size > self._size:",
            "if False:",
            id="size of what is given",
        ),
        pytest.param(
            checkpoints,
            "            if root != said.root:",
            "            if False:",
            id="root of what is given",
        ),
        pytest.param(checkpoints, "if found is None and not self._is_kept:", "if False:", id="kept"),
        pytest.param(verdict_of, "[] if differs is None else [differs]", "[]", id="projections"),
    ],
)
def test_without_one_some_attack_is_told_wrong(
    victim: Victim, copy: Path, module: ModuleType, check: str, instead: str
) -> None:
    with without(module, check, instead):
        assert told_wrong(victim, copy) != []
