"""Building the risk catalogue: what is taken from the source, what is tidied, and what is refused."""

from pathlib import Path

import pytest

from roadlog.catalogues.build_ai_risks import build

ATLAS = Path(__file__).parent / "atlas"

CATEGORIES = """
[bias]
means = "unfair"
risks = ["output-bias"]
[security]
means = "attacked"
risks = ["prompt-injection"]
"""

BUILT = b"""[
{"id":"output-bias","name":"Output bias","group":"Fairness","category":"bias","phase":"output",\
"tags":["specific to generative AI"],"description":"Generated content might unfairly represent certain \
groups.","concern":"Bias harms users.","url":"https://example.org/output-bias.html","incidents":[\
{"title":"Another","source":"TIME, January 2023","links":["https://example.org/c#:~:text=The%20end"]},\
{"title":"Reported twice","source":"Reuters, July 2023; J.L. v. Example Inc., July 2023",\
"links":["https://example.org/a","https://example.com/b.pdf"]}]},
{"id":"prompt-injection","name":"Prompt injection attack","group":"Robustness: prompt attacks",\
"category":"security","phase":"inference","tags":["specific to generative AI"],"description":"An attack.",\
"concern":"It alters behavior.","url":"https://example.org/prompt-injection.html","incidents":[\
{"title":"Another","source":"TIME, January 2023","links":["https://example.org/c#:~:text=The%20end"]}]}
]
"""


def categories(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "categories.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_same_source_gives_these_bytes(tmp_path: Path) -> None:
    assert build(ATLAS, categories(tmp_path, CATEGORIES)) == BUILT


def test_the_files_may_have_a_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "prefixed"
    folder.mkdir()
    for source in ATLAS.glob("*.yaml"):
        (folder / f"ran-{source.name}").write_bytes(source.read_bytes())
    assert build(folder, categories(tmp_path, CATEGORIES)) == BUILT


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('["prompt-injection"]', "[]"), "risks without a category: prompt-injection"),
        (('"output-bias"]', '"output-bias", "made-up"]'), "a category names unknown risks: made-up"),
        (
            ('["prompt-injection"]', '["prompt-injection", "output-bias"]'),
            "output-bias stands in two categories: bias and security",
        ),
    ],
)
def test_every_risk_has_exactly_one_category(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        build(ATLAS, categories(tmp_path, CATEGORIES.replace(*change)))


def test_an_incident_of_an_unknown_risk_is_refused(tmp_path: Path) -> None:
    for source in ATLAS.glob("*.yaml"):
        text = source.read_text(encoding="utf-8").replace("  - atlas-prompt-injection", "  - atlas-nothing")
        (tmp_path / source.name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="an incident names unknown risks: nothing"):
        build(tmp_path, categories(tmp_path, CATEGORIES))


def test_a_folder_without_the_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"0 files are named \*risk_atlas_data.yaml, one is needed"):
        build(tmp_path, categories(tmp_path, CATEGORIES))
