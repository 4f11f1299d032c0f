"""The files that every page loads: whole, few and small."""

import gzip
from pathlib import Path

from starlette.testclient import TestClient

import roadlog.web

STATIC = Path(roadlog.web.__file__).parent / "static"
LOADED = sorted(path for path in STATIC.iterdir() if path.suffix in (".css", ".js", ".svg"))


def test_all_that_a_page_loads_weighs_little() -> None:
    weight = sum(len(gzip.compress(path.read_bytes())) for path in LOADED)
    assert weight < 60_000


def test_nothing_names_another_address() -> None:
    for path in LOADED:
        if path.name != "htmx.min.js":  # which names its own documents in messages
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http://" not in text, path
            assert "https://" not in text, path


def test_they_are_sent_compressed_to_who_takes_that(site: TestClient) -> None:
    sent = site.get("/static/htmx.min.js", headers={"Accept-Encoding": "gzip"})
    whole = site.get("/static/htmx.min.js", headers={"Accept-Encoding": "identity"})
    assert (sent.headers["content-encoding"], sent.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in whole.headers
    assert sent.content == whole.content == (STATIC / "htmx.min.js").read_bytes()
    assert site.get("/static/htmx.min.js", headers={"If-None-Match": sent.headers["etag"]}).status_code == 304
