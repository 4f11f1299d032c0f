"""The risk catalogue as built: what it holds, how a risk is found, and that it costs nothing when unused."""

import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from roadlog.catalogues import ai_risks
from roadlog.catalogues.ai_risks import Category, entries, find, get, nearest
from roadlog.catalogues.build_ai_risks import CATEGORIES

GROUPS = {
    "Accuracy": 4,
    "Computational inefficiency": 1,
    "Data laws": 3,
    "Explainability": 5,
    "Fairness": 5,
    "Governance": 15,
    "Intellectual property": 6,
    "Legal compliance": 3,
    "Misuse": 6,
    "Privacy": 9,
    "Robustness": 6,
    "Robustness: model behavior manipulation": 3,
    "Robustness: prompt attacks": 9,
    "Societal impact": 13,
    "Transparency": 2,
    "Value alignment": 9,
}


def ids(found: tuple[ai_risks.RiskEntry, ...]) -> list[str]:
    return [entry.id for entry in found]


def test_it_holds_every_risk_of_the_source_once() -> None:
    assert Counter(entry.group for entry in entries()) == GROUPS
    assert len({entry.id for entry in entries()}) == 99
    assert ids(entries()) == sorted(ids(entries()))


def test_it_holds_every_incident_of_the_source_with_its_links() -> None:
    incidents = {(one.title, one.source, one.links) for entry in entries() for one in entry.incidents}
    assert len(incidents) == 38
    assert all(links for _, _, links in incidents)
    assert all(
        link.startswith("https://") and link.count("://") == 1 for _, _, ls in incidents for link in ls
    )


def test_one_entry_in_full() -> None:
    entry = get("hallucination")
    assert (entry.name, entry.group, entry.category, entry.phase) == (
        "Hallucination",
        "Robustness",
        "hallucination",
        "output",
    )
    assert entry.tags == ("specific to generative AI", "amplified by synthetic data")
    assert entry.description.startswith("Hallucinations generate factually inaccurate or untruthful content")
    assert entry.concern.startswith("Hallucinations can be misleading.")
    assert entry.url.endswith("/ai-risk-atlas/hallucination.html")
    assert [(one.title, one.source) for one in entry.incidents] == [
        ("Fake Legal Cases", "AP News, June 2023")
    ]


def test_the_categories_as_reviewed_are_the_categories_as_built() -> None:
    reviewed = tomllib.loads(CATEGORIES.read_text(encoding="utf-8"))
    built: dict[str, list[str]] = {name: [] for name in get_args(Category)}
    for entry in entries():
        built[entry.category].append(entry.id)
    assert {name: category["risks"] for name, category in reviewed.items()} == built
    assert all(category["means"] for category in reviewed.values())


@pytest.mark.parametrize(
    ("risk", "category"),
    [
        ("hallucination", "hallucination"),
        ("output-bias", "bias"),
        ("exposing-personal-information", "privacy"),
        ("prompt-injection", "security"),
        ("copyright-infringement", "intellectual-property"),
        ("over-or-under-reliance", "other"),
    ],
)
def test_a_risk_counts_for_the_gate_of_its_category(risk: str, category: Category) -> None:
    assert get(risk).category == category


def test_the_whole_id_is_found_first() -> None:
    assert ids(find("hallucination"))[:2] == ["hallucination", "function-calling-hallucination-agentic"]
    assert ids(find("Output bias"))[0] == "output-bias"


def test_the_id_and_name_come_before_the_description() -> None:
    found = ids(find("personal information"))
    named = [risk for risk in found if "personal-information" in risk]
    assert set(found[: len(named)]) == set(named)
    assert len(found) > len(named) >= 3


def test_every_word_must_be_there_and_begins_a_word() -> None:
    assert ids(find("PROMPT inject")) == ["prompt-injection"]
    assert find("prompt zebra") == ()
    assert find("allucination") == ()


def test_an_empty_text_finds_all() -> None:
    assert len(find("  ")) == 99


def test_an_unknown_id_is_a_key_error_and_the_nearest_are_offered() -> None:
    with pytest.raises(KeyError, match="halucination"):
        get("halucination")
    assert nearest("halucination")[0] == "hallucination"
    assert nearest("Output Bias") == ("output-bias", "data-bias")
    assert nearest("bias") == ("data-bias", "decision-bias", "introduce-data-bias-agentic")
    assert nearest("zebra") == ()
    assert nearest("") == ()


def test_starting_the_program_does_not_import_it_and_importing_it_reads_nothing() -> None:
    script = (
        "import sys, roadlog.cli, importlib\n"
        "assert not any(name.startswith('roadlog.catalogues') for name in sys.modules), 'imported at start'\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import roadlog.catalogues.ai_risks as catalogue\n"
        "assert not [path for path in opened if path.endswith('.json')], 'read when imported'\n"
        "catalogue.get('hallucination')\n"
        "print(sum(path.endswith('ai_risks.json') for path in opened))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("1\n", "")


def test_licence_and_source_stand_beside_the_data() -> None:
    folder = Path(ai_risks.__file__).parent
    assert "Apache License" in (folder / "LICENSE.ai_risks").read_text(encoding="utf-8")
    assert "97fbe673" in (folder / "SOURCE.ai_risks.md").read_text(encoding="utf-8")
