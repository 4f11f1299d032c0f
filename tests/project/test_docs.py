"""The documents keep their promises: links lead somewhere, decisions have their parts, targets exist."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    inside = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in inside if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=shown)
def test_a_decision_has_its_four_parts_in_forty_lines(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.fullmatch(r"\d{3}-[a-z0-9-]+\.md", decision.name)
    assert text.startswith("# ")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequence",
        "What would change it",
    ]
    assert len(text.splitlines()) <= 40


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:3]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_changelog_tells_of_what_is_not_released() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, flags=re.MULTILINE)
    assert set(re.findall(r"^### (.+)$", text, flags=re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }


def test_every_target_that_the_documents_name_is_in_the_makefile() -> None:
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z]+)`", document.read_text(encoding="utf-8"))
    }
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert named <= {line.split()[0] for line in listed.splitlines()}


def test_every_pinned_version_is_one_that_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    names = {name.lower().replace("_", "-") for name in pinned}
    assert {re.split(r"[<>=]", one)[0].lower().replace("_", "-") for one in wanted} <= names
    assert all(re.fullmatch(r"[0-9.]+(\.post[0-9]+)?", version) for version in pinned.values())
