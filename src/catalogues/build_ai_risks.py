"""Builds ai_risks.json from the IBM AI Risk Atlas: `python -m roadlog.catalogues.build_ai_risks FOLDER`.

Needs pyyaml, which nothing else of roadlog does. Every change to the source is told in SOURCE.ai_risks.md.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CATEGORIES = HERE / "ai_risk_categories.toml"
RESULT = HERE / "ai_risks.json"


def main() -> None:
    """Writes the catalogue from the folder named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m roadlog.catalogues.build_ai_risks FOLDER")
    result = build(Path(sys.argv[1]), CATEGORIES)
    RESULT.write_bytes(result)
    sys.stdout.write(f"{RESULT.name}: {len(result.splitlines()) - 2} risks, {len(result)} bytes\n")


def build(folder: Path, categories: Path) -> bytes:
    """The catalogue as JSON, one risk a line, ordered by id: the same input gives the same bytes.

    `folder` holds `*risk_atlas_data.yaml` and `*risk_atlas_data_incidents.yaml`; `categories` is TOML, the
    risks of each category. Raises ValueError where a risk has no category or two, and where a category or an
    incident names an unknown risk.
    """
    import orjson

    atlas = _yaml(folder, "risk_atlas_data.yaml")
    reported = _yaml(folder, "risk_atlas_data_incidents.yaml")["riskincidents"]
    groups = {group["id"].casefold(): group["name"] for group in atlas["riskgroups"]}
    category = _category_of(categories)
    incidents = _incidents_of(reported)
    risks = {_short(risk["id"]): risk for risk in atlas["risks"]}
    for kind, named in (("a category", set(category)), ("an incident", set(incidents))):
        if unknown := named - set(risks):
            raise ValueError(f"{kind} names unknown risks: {', '.join(sorted(unknown))}")
    if missing := set(risks) - set(category):
        raise ValueError(f"risks without a category: {', '.join(sorted(missing))}")
    lines = [
        orjson.dumps(
            {
                "id": key,
                "name": _tidy(risk["name"]),
                "group": groups[risk["isPartOf"].casefold()],
                "category": category[key],
                "phase": risk["type"],
                "tags": risk["descriptor"],
                "description": _tidy(risk["description"]),
                "concern": _tidy(risk["concern"]),
                "url": risk["url"],
                "incidents": incidents.get(key, []),
            }
        )
        for key, risk in sorted(risks.items())
    ]
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def _yaml(folder: Path, name: str) -> dict[str, Any]:
    """The one YAML file of that name, whatever stands before the name."""
    import yaml

    found = sorted(folder.glob(f"*{name}"))
    if len(found) != 1:
        raise SystemExit(f"{folder}: {len(found)} files are named *{name}, one is needed")
    content: dict[str, Any] = yaml.safe_load(found[0].read_text(encoding="utf-8"))
    return content


def _category_of(categories: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in tomllib.loads(categories.read_text(encoding="utf-8")).items():
        for risk in entry["risks"]:
            if risk in found:
                raise ValueError(f"{risk} stands in two categories: {found[risk]} and {name}")
            found[risk] = name
    return found


def _incidents_of(reported: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Incidents by risk, ordered by title. The source joins several reporters and links without a space."""
    found: dict[str, list[dict[str, Any]]] = {}
    for incident in sorted(reported, key=lambda one: one["name"]):
        entry = {
            "title": _tidy(incident["name"]),
            "source": "; ".join(re.split(r"(?<=\b20\d\d)(?=[A-Z])", _tidy(incident["author"]))),
            "links": re.findall(r"https?://.+?(?=https?://|$)", incident["source_uri"].strip()),
        }
        for risk in incident["refersToRisk"]:
            found.setdefault(_short(risk), []).append(entry)
    return found


def _short(id: str) -> str:
    return id.removeprefix("atlas-")


def _tidy(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
