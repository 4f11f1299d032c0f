"""The control mapping as data: what each file must say, and that all it names is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from roadlog.controls import mapping
from roadlog.controls.mapping import FILES, OWN, Control, Framework, chosen, frameworks, limits
from roadlog.domain import events
from roadlog.domain.events import CATALOGUE, EvidenceKind
from roadlog.projections.audit.checks import CHECKS

DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
FOLDER = Path(mapping.__file__).parent
EVERY = [(framework, control) for framework in frameworks() for control in framework.control]
ARTICLES = (
    *(f"Article 9({number})" for number in range(1, 9)),
    *("Article 10", "Article 13", "Article 14", "Article 15"),
    *(f"Article 17(1)({letter})" for letter in "adkm"),
    *("Article 18", "Article 20", "Article 26", "Article 50", "Article 72", "Article 73"),
    *(f"Annex IV, point {number}" for number in (1, 2, 5, 6, 9)),
)
OWN_CONTROLS = {
    *("self-approval", "missing-role", "before-enrolment", "approval-at-gate", "threshold-moved"),
    *("backdated", "bulk-entry", "break-glass-unreviewed", "waiver-expired", "acceptance-expired"),
    *("live-without-monitor", "fallback-older", "model-changed", "unmeasured", "roles-quiet"),
    *("incident-clock", "one-account"),
}


def named(pair: tuple[Framework, Control] | Framework) -> str:
    return pair.id if isinstance(pair, Framework) else pair[1].id


@pytest.mark.parametrize("framework", frameworks(), ids=named)
def test_every_mapping_says_what_was_mapped_and_when(framework: Framework) -> None:
    assert framework.name
    assert framework.edition
    assert DAY.fullmatch(framework.date)
    assert DAY.fullmatch(framework.mapped)
    assert len(framework.mapped) == len("2026-01-01")
    assert framework.source.startswith("https://") or framework.id == OWN
    assert framework.control


def test_every_file_is_read_and_named_like_its_framework() -> None:
    assert sorted(each.stem for each in FOLDER.glob("*.toml")) == sorted(FILES)
    assert tuple(each.id for each in frameworks()) == FILES


@pytest.mark.parametrize("pair", EVERY, ids=named)
def test_a_control_names_only_what_there_is(pair: tuple[Framework, Control]) -> None:
    framework, control = pair
    assert control.title
    assert control.refs
    assert control.classes
    assert control.our_roles
    assert set(control.checks) <= CHECKS
    kinds = [kind for each in control.evidence for kind in each.split("|")]
    for kind in kinds:
        name, _, what = kind.partition("/")
        assert name in CATALOGUE
        assert not what or (name == "EvidenceAttached" and what in get_args(EvidenceKind))
    assert kinds or control.exceptions, "what is not about exceptions has something that shows it"
    assert control.checks or kinds
    assert framework.refs(control)


def test_ids_are_unique_and_easy_to_type() -> None:
    ids = [control.id for _, control in EVERY]
    assert len(set(ids) | set(FILES)) == len(ids) + len(FILES)
    assert all(re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", each) for each in ids)


def test_nothing_is_called_what_only_others_may_call_it() -> None:
    texts = [each.read_text(encoding="utf-8") for each in FOLDER.iterdir() if each.suffix in (".toml", ".py")]
    assert texts
    assert not any("compliant" in each.lower() for each in texts)


def test_the_articles_that_the_mapping_promises_are_there() -> None:
    act = next(each for each in frameworks() if each.id == "eu-ai-act")
    refs = [each for control in act.control for each in control.refs]
    assert not set(ARTICLES) - set(refs)
    assert len(set(refs)) == len(refs)


def test_roadlogs_own_controls_are_named_like_their_checks() -> None:
    own = frameworks()[0]
    assert own.id == OWN
    assert {each.id for each in own.control} == OWN_CONTROLS
    assert all(each.checks == (each.id,) for each in own.control)
    assert all(each.exceptions for each in own.control)
    assert OWN_CONTROLS | {"prohibited"} == CHECKS


def test_what_roadlogs_own_controls_bear_on_is_mapped() -> None:
    own, *others = frameworks()
    known = {ref for each in others for control in each.control for ref in each.refs(control)}
    assert not {ref for control in own.control for ref in own.refs(control)} - known


def test_every_check_is_asked_for_and_has_its_numbers() -> None:
    assert {check for _, control in EVERY for check in control.checks} == CHECKS
    assert limits()["incident-clock"] == {"severity_3": 15, "severity_4": 10, "severity_5": 2}
    assert set(limits()["bulk-entry"]) == {"records", "pause_minutes", "late_hours"}


def test_classes_and_roles_are_those_of_a_classification() -> None:
    assert get_args(mapping.RiskClass) == get_args(events.RiskClass)
    assert get_args(mapping.OurRole) == get_args(events.OurRole)


def test_a_frameworks_id_stands_for_all_of_its_controls() -> None:
    assert [control.id for _, control in chosen(["soc2", "unmeasured"])] == [
        "unmeasured",
        *(control.id for framework, control in EVERY if framework.id == "soc2"),
    ]
    assert len(chosen()) == len(EVERY)
    with pytest.raises(LookupError, match="soc3"):
        chosen(["soc2", "soc3"])
