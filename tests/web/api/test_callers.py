"""Who may ask and who may record: tokens, their scopes and ends, and how often one may try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from roadlog.tokens import Tokens
from roadlog.web.limiter import MOST
from tests.stores import Store
from tests.web.api.conftest import BASE, Site, client

NOTE = "/initiatives/SUP-1/note"
SEEN = {"text": "Seen"}


@pytest.fixture
def elsewhere(site: Site) -> Iterator[Site]:
    """The same store where nobody reads without a token, as another machine reaches it."""
    with client(site.folder, open_reading=False) as asked:
        made = Site(site.folder, asked)
        made.bearers = site.bearers
        yield made


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_here_anybody_reads_and_nobody_records_without_a_token(site: Site) -> None:
    assert site.get("/board").status_code == 200
    answer = site.post(NOTE, SEEN, by=None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="roadlog"')
    assert site.post(NOTE, SEEN).status_code == 201  # the control: with one it is recorded


def test_elsewhere_reading_needs_a_token_too(elsewhere: Site) -> None:
    for path in ("/board", "/records", "/verify", "/initiatives/SUP-1"):
        answer = elsewhere.get(path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="roadlog"')
        assert elsewhere.get(path, headers=bearer(elsewhere.bearers["dan"])).status_code == 200


def test_a_token_for_reading_records_nothing(elsewhere: Site, team: Store) -> None:
    elsewhere.bearers["dan"] = elsewhere.token("dan", team.now, scope="read")
    assert elsewhere.get("/board", headers=bearer(elsewhere.bearers["dan"])).status_code == 200
    answer = elsewhere.post(NOTE, SEEN)
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer realm="roadlog", error="insufficient_scope"'


def test_a_token_ends_and_is_revoked(site: Site, team: Store) -> None:
    site.bearers["dan"] = site.token("dan", team.now, days=2)
    team.clock.tick(timedelta(days=2, minutes=-1))
    assert site.post(NOTE, SEEN).status_code == 201
    team.clock.tick(timedelta(minutes=1))
    answer = site.post(NOTE, SEEN)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="roadlog", error="invalid_token"'
    assert site.post(NOTE, SEEN, by="erin").status_code == 201
    Tokens(site.folder).revoke(3, team.now)
    assert site.post(NOTE, SEEN, by="erin").status_code == 401


@pytest.mark.parametrize("given", ["Bearer", "Bearer x", "Basic ZGFuOng=", "x", "", "Bearer \xff"])
def test_what_is_no_token_is_refused_for_reading_too(site: Site, given: str) -> None:
    answer = site.get("/board", headers={"Authorization": given.encode("latin-1")})
    assert (answer.status_code, answer.json()["rule"]) == (401, "token")


def test_a_code_and_a_session_are_no_bearer_token(site: Site, team: Store) -> None:
    tokens = Tokens(site.folder)
    made = tokens.new("dan", team.now + timedelta(days=1), "write", team.now)
    session = tokens.sign_in(str(made.code), team.now)
    for secret in (str(made.code), str(session)):
        site.bearers["dan"] = secret
        assert site.post(NOTE, SEEN).status_code == 401
    site.bearers["dan"] = made.bearer
    assert site.post(NOTE, SEEN).status_code == 201


def test_it_is_recorded_as_whoever_the_token_is_of_and_nobody_else(site: Site) -> None:
    [record] = site.post(NOTE, SEEN, by="erin").json()["records"]
    assert record["actor"]["id"] == "erin"
    for field in ("actor", "handle", "as"):
        assert site.post(NOTE, {**SEEN, field: "paula"}, by="erin").status_code == 400


def test_who_is_not_on_the_roadmap_is_refused_by_its_rule(site: Site, team: Store) -> None:
    site.bearers["zoe"] = site.token("zoe", team.now)
    answer = site.post(NOTE, SEEN, by="zoe")
    assert (answer.status_code, answer.json()["exit"]) == (422, 5)


def test_without_a_name_it_is_asked_of_whoever_the_token_is_of(site: Site) -> None:
    for path in ("/next", "/digest"):
        mine = site.get(path, headers=bearer(site.bearers["carla"])).json()
        assert mine == site.get(f"{path}?for=carla").json()


def test_who_tries_too_many_tokens_waits(site: Site, team: Store) -> None:
    for _ in range(MOST):
        assert site.get("/board", headers=bearer("x")).status_code == 401
    answer = site.get("/board", headers=bearer("x"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert answer.json()["exit"] == 5
    assert site.post(NOTE, SEEN).status_code == 201  # one that holds is heard, from wherever it comes
    assert site.get("/board").status_code == 200  # who brings no token tries none
    team.clock.tick(timedelta(seconds=60))
    assert site.get("/board", headers=bearer("x")).status_code == 401


def test_a_control_who_succeeds_is_never_told_to_wait(site: Site) -> None:
    answers = [site.get("/board", headers=bearer(site.bearers["dan"])) for _ in range(3 * MOST)]
    assert {each.status_code for each in answers} == {200}


def test_what_fails_from_one_address_keeps_no_other_waiting(site: Site) -> None:
    for _ in range(MOST + 1):
        site.get("/board", headers=bearer("x"))
    site.client._transport.client = ("192.0.2.7", 50000)  # type: ignore[attr-defined]
    assert site.post(NOTE, SEEN).status_code == 201


@pytest.mark.parametrize("path", ["/board", "/openapi.json"])
def test_another_site_reads_nothing_and_is_told_no_way_to(site: Site, path: str) -> None:
    asked = {"Origin": "http://evil.example"}
    assert site.get(path, headers=asked).status_code == 403
    answer = site.get(path)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert site.client.options(f"{BASE}{path}").status_code == 405


def test_another_site_records_nothing_with_the_token_either(site: Site) -> None:
    answer = site.post(NOTE, SEEN, Origin="http://evil.example")
    assert (answer.status_code, site.post(NOTE, SEEN, Origin="http://127.0.0.1:8080").status_code) == (
        403,
        201,
    )
