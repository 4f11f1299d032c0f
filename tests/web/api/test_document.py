"""The document says what the API does: it is valid, whole, and every answer is of the shape that it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from playwright.sync_api import Browser

from roadlog.web.api import shapes
from roadlog.web.api.addresses import ADDRESSES
from roadlog.web.api.bodies import options_of
from roadlog.web.api.document import made
from roadlog.web.commands import COMMANDS, fields_of
from tests.web.api.conftest import BASE, Site, client
from tests.web.asking import ADDRESS
from tests.web.browser import SMALL, WIDE, context, hindrances, overflow
from tests.web.serving import served

PATHS: dict[str, Any] = made()["paths"]
ASKED = [path for path, found in PATHS.items() if "get" in found]
WISHED = [path for path, found in PATHS.items() if "post" in found]
NEEDED = {
    "q": "refund",
    "for": "carla",
    "key": "SUP-1",
    "field": "milestone",
    "position": "12",
    "from": "20",
    "to": "90",
}
OPTIONAL = {"/next": "for", "/digest": "for"}


def schema(part: dict[str, Any]) -> OAS31Validator:
    """A schema of the document, which may name others of it."""
    return OAS31Validator({**part, "components": made()["components"]})


def test_it_is_openapi() -> None:
    validate(made())


def test_a_control_what_is_no_openapi_is_found() -> None:
    broken = json.loads(json.dumps(made()))
    broken["paths"]["/board"]["get"]["responses"] = {"200": {}}
    with pytest.raises(Exception, match="description"):
        validate(broken)


def test_it_is_served_as_it_is_made(site: Site) -> None:
    answer = site.get("/openapi.json")
    assert (answer.headers["content-type"], answer.json()) == (
        "application/json",
        json.loads(json.dumps(made())),
    )


def test_every_address_is_told_and_no_other() -> None:
    assert {path: sorted(found) for path, found in PATHS.items()} == {
        each.path: sorted(method.lower() for method in each.methods) for each in ADDRESSES
    }
    names = [found[method]["operationId"] for found in PATHS.values() for method in found]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", [each for each in ASKED if each != "/catalogue"])
def test_every_question_answers_in_the_shape_that_is_told(demo_site: Site, path: str) -> None:
    told = PATHS[path]["get"]
    needed = [each["name"] for each in told["parameters"] if each["required"] and each["in"] == "query"]
    needed += [OPTIONAL[path]] if path in OPTIONAL else []
    address = path.format(**NEEDED)
    answer = demo_site.get(address, params={name: NEEDED[name] for name in needed})
    assert answer.status_code == 200
    [(kind, content)] = told["responses"]["200"]["content"].items()
    assert answer.headers["content-type"] == kind
    values = (
        [json.loads(line) for line in answer.text.splitlines()] if kind.endswith("jsonl") else [answer.json()]
    )
    assert values
    for value in values:
        schema(content["schema"]).validate(value)


def test_the_catalogue_is_of_its_shape(demo: Path) -> None:
    """Without a frozen clock, whose types would stand among those that are told."""
    with client(demo) as asked:
        for query in ("", "?schema=true"):
            schema(shapes.TYPES).validate(asked.get(f"{BASE}/catalogue{query}").json())


@pytest.mark.parametrize("path", ASKED)
def test_every_parameter_that_is_told_is_known(demo_site: Site, path: str) -> None:
    for each in PATHS[path]["get"]["parameters"]:
        if each["in"] == "query" and each["schema"]["type"] == "integer":
            answer = demo_site.get(path.format(**NEEDED), params={each["name"]: "x"})
            assert (answer.status_code, answer.json()["missing"]) == (400, [each["name"]])


@pytest.mark.parametrize("path", WISHED)
def test_every_command_tells_the_values_of_its_struct(path: str) -> None:
    body = PATHS[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    name = next(each.wishes.name for each in ADDRESSES if each.path == path and each.wishes)
    known, options = fields_of(name), set(options_of(name).__struct_fields__)
    assert set(body["properties"]) == {*known, *options}
    assert not known.keys() & options
    assert body["required"] == [field for field, info in known.items() if info.required]
    OAS31Validator.check_schema(body)


def test_what_is_recorded_and_what_goes_wrong_are_of_their_shapes(site: Site) -> None:
    parts = made()["components"]["schemas"]
    answer = site.post("/initiatives/SUP-1/note", {"text": "Seen"})
    schema(parts["Write"]).validate(answer.json())
    schema(parts["Problem"]).validate(site.get("/nowhere").json())
    assert not schema(parts["Write"]).is_valid(site.get("/nowhere").json())


def test_the_page_tells_every_address(site: Site) -> None:
    page = site.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in PATHS:
        assert f"<code>{path}</code>" in page.text
    for name in COMMANDS:
        assert f"roadlog {name.replace(' remove', ' --remove')}" in page.text


@pytest.mark.parametrize("size", [WIDE, SMALL])
def test_the_page_hinders_nobody(demo: Path, browser: Browser, size: tuple[int, int]) -> None:
    with served(demo) as address, context(browser, size) as opened:
        tab = opened.new_page()
        tab.goto(f"{address}{BASE}/#exit-5")
        assert (hindrances(tab), overflow(tab)) == ([], 0)


def test_without_its_slash_it_is_found(site: Site) -> None:
    answer = site.client.get(BASE)
    assert (answer.status_code, answer.headers["location"]) == (307, f"{ADDRESS}{BASE}/")
