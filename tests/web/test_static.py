"""The files that every page loads: whole, few and small."""

import gzip
from pathlib import Path

import roadlog.web

STATIC = Path(roadlog.web.__file__).parent / "static"
LOADED = sorted(path for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))


def test_every_block_of_the_styles_is_closed_before_the_next_part_begins() -> None:
    depth = 0
    for number, line in enumerate((STATIC / "roadlog.css").read_text(encoding="utf-8").splitlines(), 1):
        assert not (depth and line.startswith(("@", "/*", ":root"))), f"line {number} stands in a block"
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number} closes what is not open"
    assert depth == 0


def test_all_that_a_page_loads_weighs_little() -> None:
    weight = sum(len(gzip.compress(path.read_bytes())) for path in LOADED)
    assert weight < 60_000


def test_nothing_names_another_address() -> None:
    for path in LOADED:
        if path.name != "htmx.min.js":  # which names its own documents in messages
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http://" not in text, path
            assert "https://" not in text, path
