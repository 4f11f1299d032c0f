"""Recording from the page: what each form records, once, and what is refused, with what was typed kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from starlette.testclient import TestClient

from roadlog import __version__, machine
from roadlog.domain.commands import (
    AttachEvidence,
    LogRisk,
    SetCriterion,
    StopInitiative,
)
from roadlog.domain.events import OutcomeMeasured, StakeholderApproved
from roadlog.domain.moments import told
from roadlog.domain.records import Record
from roadlog.tokens import Tokens
from roadlog.web.app import application
from roadlog.web.forms import FORMS as FORMS_THERE_ARE
from tests.cli.hostile import LINE, MARK, OBEYED, TEXT
from tests.stores import Store
from tests.web.asking import ADDRESS, HOST, client
from tests.web.signed_in import hidden, posts, sign_in

X = sha256(b"x").hexdigest()


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    """Where carla is signed in, and SUP-1 is on the roadmap."""
    team.define()
    team.do(
        SetCriterion(
            stream="SUP-1", criterion="F1", milestone="training", metric="f1", operator=">=", threshold=0.8
        )
    )
    team.do(AttachEvidence(stream="SUP-1", kind="dataset", title="Tickets", sha256=X))
    with client(team.folder) as asked:
        sign_in(asked, team.folder, "carla")
        yield asked


def do(form: str, key: str = "SUP-1") -> str:
    return f"/initiatives/{key}/do/{form}"


def last(team: Store) -> Record:
    return team.records()[-1]


def words(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


FORMS: list[tuple[str, dict[str, str | list[str]], dict[str, object]]] = [
    ("note", {"text": "one\r\ntwo"}, {"text": "one\ntwo"}),
    ("checkin", {"role": "compliance", "said": "Fine so far"}, {"role": "compliance", "said": "Fine so far"}),
    ("reject", {"because": "No notice"}, {"role": "compliance"}),
    ("abstain", {"role": "compliance"}, {"role": "compliance"}),
    (
        "request",
        {"roles": ["compliance", "product"]},
        {"roles": ("compliance", "product"), "valid_days": None},
    ),
    ("measure", {"metric": "tickets", "value": "810.5", "sample": "4"}, {"value": 810.5, "sample": 4}),
    (
        "result",
        {"criterion": "F1", "value": "1", "low": "0.5", "high": "1.5", "evidence": "D1"},
        {"value": 1, "low": 0.5},
    ),
    (
        "evidence-attach",
        {"kind": "model", "uri": "https://x.example/m.bin", "sha256": X.upper()},
        {"title": "m.bin", "sha256": X, "uri": "https://x.example/m.bin"},
    ),
    (
        "risk-log",
        {"description": "Invents", "category": "bias", "likelihood": "4", "impact": "5", "owner": "dan"},
        {"description": "Invents", "category": "bias", "likelihood": 4, "impact": 5, "owner": "dan"},
    ),
    ("edge-case-log", {"description": "Catalan", "severity": "2"}, {"severity": 2, "source": None}),
]


@pytest.mark.parametrize(("form", "typed", "recorded"), FORMS, ids=[each[0] for each in FORMS])
def test_a_form_records_what_was_typed_as_asserted_by_the_page(
    site: TestClient, team: Store, form: str, typed: dict[str, str | list[str]], recorded: dict[str, object]
) -> None:
    before = len(team.records())
    answer = posts(site, do(form), **typed)
    assert (answer.status_code, answer.headers.get("location")) == (
        303,
        f"/initiatives/SUP-1?recorded={before + 1}",
    ), words(answer.text)
    record = last(team)
    assert {name: getattr(record.event, name) for name in recorded} == recorded
    assert (record.actor.id, record.actor.assurance, record.body.source.client) == (
        "carla",
        "asserted",
        "web",
    )


def test_an_approval_has_several_conditions_with_their_days(site: TestClient, team: Store) -> None:
    answer = posts(
        site,
        do("approve"),
        conditions=["Publish it in Spanish", "", "Name an owner"],
        due=["2026-05-01", "", ""],
        statement="Yes, if",
        valid_days="30",
    )
    assert answer.status_code == 303
    event = last(team).event
    assert isinstance(event, StakeholderApproved)
    assert [(each.id, each.text, str(each.due)) for each in event.conditions] == [
        ("C1", "Publish it in Spanish", "2026-05-01"),
        ("C2", "Name an owner", "None"),
    ]
    assert posts(site, do("condition-met"), condition="C1").status_code == 303
    assert last(team).type == "ConditionMet"
    assert posts(site, do("withdraw"), role="compliance", because="Replaced").status_code == 303
    assert last(team).type == "ApprovalWithdrawn"


@pytest.mark.parametrize("texts", [["", "", ""], ["Publish it", "", " "]])
def test_a_day_without_its_condition_is_no_approval(site: TestClient, team: Store, texts: list[str]) -> None:
    before = len(team.records())
    answer = posts(site, do("approve"), conditions=texts, due=["", "2026-05-01", ""], statement="Yes, if")
    assert (answer.status_code, len(team.records())) == (400, before)
    assert "Say which condition is due on 2026-05-01" in words(answer.text)
    assert answer.text.count('value="2026-05-01"') == 1
    assert posts(site, do("approve"), conditions=texts, due=["", "", ""]).status_code == 303  # the control


def test_a_file_is_fixed_by_its_digest_and_not_kept(site: TestClient, team: Store) -> None:
    filled = {**hidden(site.get(do("evidence-attach")).text), "kind": "dataset"}
    content = b"question,answer\n" * 100_000
    file = ('C:\\data\\"old" tickets.csv', content, "text/x-made-up")
    answer = site.post(do("evidence-attach"), data=filled, files={"file": file})
    assert answer.status_code == 303, words(answer.text)
    event = last(team).event
    found = [getattr(event, name) for name in ("title", "uri", "sha256", "size", "media_type")]
    assert found == [
        '"old" tickets.csv',
        '"old" tickets.csv',
        sha256(content).hexdigest(),
        1_600_000,
        "text/csv",
    ]
    filled = {**hidden(site.get(do("evidence-attach")).text), "kind": "dataset", "sha256": X}
    answer = site.post(do("evidence-attach"), data=filled, files={"file": file})
    assert (answer.status_code, "tickets.csv is another file than the one you mean" in answer.text) == (
        422,
        True,
    )


def test_a_link_needs_its_digest(site: TestClient, team: Store) -> None:
    before = len(team.records())
    answer = posts(site, do("evidence-attach"), kind="model", uri="https://x.example/m.bin")
    assert (answer.status_code, "a link can change" in answer.text, len(team.records())) == (
        400,
        True,
        before,
    )
    assert 'value="https://x.example/m.bin"' in answer.text


def test_a_consent_gives_what_waited_its_effect(site: TestClient, team: Store) -> None:
    begun = team.now
    team.clock.tick(timedelta(days=100))
    sign_in(site, team.folder, "carla")
    team.do(StopInitiative(stream="SUP-1"), at=begun, because="Nobody needs it")
    request = last(team).position
    assert last(team).type == "ConsentRequested"
    page = words(site.get(do("consent")).text)
    assert f"#{request}, asked by paula: stop it, dated {told(begun)}, because “Nobody needs it”. It" in page
    assert f'href="/trail?before={request + 1}#p{request}"' in site.get(do("consent")).text
    answer = posts(site, do("consent"), request=str(request), give="true")
    assert answer.headers["location"] == f"/initiatives/SUP-1?recorded={request + 1}-{request + 2}"
    assert [(each.type, each.actor.id) for each in team.records()[-2:]] == [
        ("ConsentGiven", "carla"),
        ("InitiativeStopped", "paula"),
    ]
    said = words(site.get(f"/?recorded={request + 1}-{request + 2}").text)
    assert f"position {request + 2}, leaf" in said
    assert "Nothing waits for a consent here." in words(site.get(do("consent")).text)


def test_a_form_posted_twice_is_recorded_once(site: TestClient, team: Store) -> None:
    filled = {**hidden(site.get(do("note")).text), "text": "once"}
    answers = [site.post(do("note"), data=filled) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert [each.type for each in team.records()].count("NoteAdded") == 1
    other = site.post(do("note"), data={**filled, "text": "other"})  # gone back to, and changed
    assert (other.status_code, 'name="text"' in other.text) == (409, True)
    for _ in range(2):  # the control: a form that is opened twice is
        posts(site, do("note"), text="twice")
    assert [each.type for each in team.records()].count("NoteAdded") == 3


def test_what_is_approved_is_what_was_shown(site: TestClient, team: Store) -> None:
    filled = hidden(site.get(do("approve")).text)
    team.do(LogRisk(stream="SUP-1", description="Invents", category="bias", likelihood=4, impact=4))
    answer = site.post(do("approve"), data={**filled, "statement": "Yes"})
    assert answer.status_code == 409
    assert "Recorded since you opened this form" in words(answer.text)
    assert "paula logged risk R1" in words(answer.text)
    assert "\nYes</textarea>" in answer.text
    assert last(team).type == "RiskLogged"
    again = site.post(do("approve"), data={**hidden(answer.text), "statement": "Yes"})
    assert (again.status_code, last(team).type) == (303, "StakeholderApproved")


def test_before_approving_one_is_told_what_changed_since_the_last_vote(site: TestClient, team: Store) -> None:
    assert "Since your last vote" not in site.get(do("approve")).text
    posts(site, do("approve"))
    position = last(team).position
    assert f"Since your last vote on SUP-1 (#{position}, approved) nothing of it changed." in words(
        site.get(do("approve")).text
    )
    team.do(LogRisk(stream="SUP-1", description="Invents", category="bias", likelihood=5, impact=5))
    assert f"As compliance: Since your last vote on SUP-1 (#{position}, approved): risks changed." in words(
        site.get(do("approve")).text
    )


def test_before_voting_again_one_is_told_which_conditions_end(site: TestClient, team: Store) -> None:
    assert "with this vote" not in words(site.get(do("approve")).text)
    posts(site, do("approve"), conditions=["Publish it", "Name an owner", "Tell them"], due=["", "", ""])
    vote = last(team).position
    posts(site, do("condition-met"), condition="C3")
    both = f"As compliance: your conditions C1 and C2 of #{vote} end with"
    texts = "(Publish it; Name an owner)."
    approving = f"{both} this vote {texts} Ask again for what you still want."
    assert approving in words(site.get(do("approve")).text)
    assert f"{both} this vote {texts}" in words(site.get(do("reject")).text)
    assert f"{both} the vote {texts}" in words(site.get(do("withdraw")).text)
    assert "Publish it; Name" not in words(site.get(do("note")).text)
    posts(site, do("condition-met"), condition="C1")
    one = f"your condition C2 of #{vote} ends with this vote (Name an owner)."
    assert one in words(site.get(do("approve")).text)
    posts(site, do("approve"), statement="Fine")  # the control: then they have ended
    assert "with this vote" not in words(site.get(do("approve")).text)
    assert "C2" not in words(site.get(do("condition-met")).text)


def test_a_refusal_shows_the_form_again_with_what_was_typed(site: TestClient, team: Store) -> None:
    before = len(team.records())
    answer = posts(site, do("reject"), role="compliance")
    assert answer.status_code == 422
    said = words(answer.text)
    assert "Rule: reason" in said
    assert "Missing: Why" in said
    assert "Try: roadlog reject SUP-1" in said
    assert '<option value="compliance" selected>' in answer.text
    typed = {"metric": "tickets", "value": "many<b>", "sample": "4"}
    answer = posts(site, do("measure"), **typed)
    assert (answer.status_code, len(team.records())) == (400, before)
    assert 'value="many&lt;b&gt;"' in answer.text
    assert 'value="4"' in answer.text
    assert "many<b>" not in answer.text


WRONG = [
    ("measure", "value", "0,81", "Value: a number, such as 0.81."),
    ("measure", "value", "nan", "Value: a number, such as 0.81."),
    ("measure", "value", "1e999", "Value: a number, such as 0.81."),
    ("measure", "value", "", "Value: this has to be filled in."),
    ("measure", "sample", "few", "Sample: a whole number, such as 30."),
    ("measure", "sample", "0", "is a whole number from 1 on; 0 is none."),
    ("approve", "valid_days", "two weeks", "Holds for days: a whole number, such as 30."),
    ("approve", "valid_days", "3.5", "Holds for days: a whole number, such as 30."),
    ("approve", "valid_days", str(2**53), "Holds for days: a whole number, such as 30."),
    ("approve", "valid_days", str(2**53 - 1), "ends beyond the calendar."),
    ("request", "valid_days", "1_0", "Holds for days: a whole number, such as 30."),
    ("result", "low", "low", "Lower end of the interval: a number, such as 0.81."),
    ("risk-log", "likelihood", "", "Likelihood: this has to be filled in."),
    ("note", "at", "yesterday", "It happened at a time, such as 2026-05-01T09:00, and not at 'yesterday'."),
    ("note", "at", "9999-12-31T23:59-14:00", "and not at '9999-12-31T23:59-14:00'."),
]


@pytest.mark.parametrize(("form", "field", "text", "says"), WRONG)
def test_what_is_malformed_is_told_by_the_fields_label(
    site: TestClient, team: Store, form: str, field: str, text: str, says: str
) -> None:
    right = {name: typed for name, typed, _ in FORMS}.get(form, {})
    before = len(team.records())
    answer = posts(site, do(form), **{**right, field: text})
    said = words(answer.text)
    assert (answer.status_code, len(team.records())) == (400, before)
    assert says in said
    assert "expected" not in said
    assert "Missing: value" not in said


@pytest.mark.parametrize(
    ("zone", "typed", "hour"),
    [
        ("UTC", "2026-03-03T08:30", 8),
        ("Asia/Tokyo", "2026-03-03T17:30", 8),
        ("Asia/Tokyo", "2026-03-03T17:30Z", 17),
    ],
)
def test_what_happened_earlier_is_recorded_at_its_time_in_the_zone_of_the_page(
    team: Store, zone: str, typed: str, hour: int
) -> None:
    team.define()
    team.clock.move_to("2026-03-04T09:00:00Z")
    app = application(team.folder, hosts=[HOST], zone=ZoneInfo(zone))
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as site:
        sign_in(site, team.folder, "carla")
        assert f"Now, unless given. In {zone}." in words(site.get(do("note")).text)
        assert posts(site, do("note"), text="Legal called", at=typed).status_code == 303
        record = last(team)
        assert record.effective_at == datetime(2026, 3, 3, hour, 30, tzinfo=UTC)
        assert record.recorded_at == machine.clock()
        before = len(team.records())
        answer = posts(site, do("note"), text="Legal calls", at="2026-03-05T09:00")
    assert (answer.status_code, len(team.records())) == (422, before)
    assert "Rule: future" in words(answer.text)
    said = words(answer.text)
    assert ("leave “When it happened” out" in said, "Missing" in said) == (True, False)
    assert 'value="2026-03-05T09:00"' in answer.text


@pytest.mark.parametrize(
    ("typed", "value"), [("7", 7), (".5", 0.5), ("-2.50", -2.5), ("1e3", 1000), ("+4.", 4)]
)
def test_numbers_are_written_in_several_ways(site: TestClient, team: Store, typed: str, value: float) -> None:
    assert posts(site, do("measure"), metric="tickets", value=typed).status_code == 303
    event = last(team).event
    assert isinstance(event, OutcomeMeasured)
    assert event.value == value


def test_there_is_room_for_more_conditions(site: TestClient, team: Store) -> None:
    before = len(team.records())
    filled = {
        **hidden(site.get(do("approve")).text),
        "press": "more",
        "conditions": ["a", "b", "c"],
        "due": [""] * 3,
    }
    answer = site.post(do("approve"), data=filled)
    assert (answer.status_code, answer.text.count('name="conditions"'), len(team.records())) == (
        200,
        6,
        before,
    )


def test_an_address_can_fill_in_a_form(site: TestClient) -> None:
    shown = site.get(do("measure") + "?metric=tickets&value=7&csrf=x&command_id=y").text
    assert '<option value="tickets" selected>' in shown
    assert 'value="7"' in shown
    assert hidden(shown)["command_id"] != "y"


# What is recorded is told on the page that one comes to


def test_what_was_recorded_is_told_to_whom_recorded_it(site: TestClient, team: Store) -> None:
    posts(site, do("note"), text="hello")
    record = last(team)
    told = words(site.get(f"/?recorded={record.position}").text)
    assert f"Recorded: carla noted: hello position {record.position}, leaf {record.leaf[:8]}" in told
    assert "Next" in told
    assert "Recorded:" not in site.get("/?recorded=8").text  # paula's
    for other in ("", "0", "999", "8-", "x", "1-999999999999999999", "9" * 30):
        assert "Recorded:" not in site.get(f"/?recorded={other}").text
    assert "Already so; nothing was recorded." in site.get("/?recorded=").text
    with client(team.folder) as stranger:
        assert "Recorded:" not in stranger.get(f"/?recorded={record.position}").text


# Attacks, each beside its control


def test_a_form_without_the_sessions_proof_records_nothing(site: TestClient, team: Store) -> None:
    before = len(team.records())
    filled = {**hidden(site.get(do("note")).text), "text": "x"}
    with client(team.folder) as other:
        sign_in(other, team.folder, "dan")
        theirs = hidden(other.get(do("note")).text)["csrf"]
    without = {name: value for name, value in filled.items() if name != "csrf"}
    for forged in (without, {**without, "csrf": ""}, {**without, "csrf": theirs}, {**without, "csrf": "é"}):
        assert site.post(do("note"), data=forged).status_code == 403
    assert len(team.records()) == before
    assert site.post(do("note"), data=filled).status_code == 303


def test_an_earlier_sessions_proof_is_none(site: TestClient, team: Store) -> None:
    filled = {**hidden(site.get(do("note")).text), "text": "x"}
    sign_in(site, team.folder, "carla")
    answer = site.post(do("note"), data={**filled, "text": "<b>kept</b>"})
    assert (answer.status_code, 'value="&lt;b&gt;kept&lt;/b&gt;"' in answer.text) == (403, True)
    assert 'href="/initiatives/SUP-1/do/note"' in answer.text
    assert posts(site, do("note"), text="x").status_code == 303


def test_conditions_and_files_come_back_from_an_ended_session(site: TestClient, team: Store) -> None:
    filled = hidden(site.get(do("approve")).text)
    attached = {**hidden(site.get(do("evidence-attach")).text), "kind": "dataset", "title": "Tickets"}
    Tokens(team.folder).revoke(1, team.now)
    conditions = {"conditions": ["Publish it", "", ""], "due": ["2026-05-01", "", ""]}
    said = site.post(do("approve"), data={**filled, **conditions, "role": "compliance"})
    assert said.status_code == 403
    assert 'value="Publish it (due on 2026-05-01)"' in said.text
    for size, kept in ((10, True), (2**21, False)):  # of somebody unknown, nothing large is read
        file = ("tickets.csv", b"x" * size, "text/csv")
        answer = site.post(do("evidence-attach"), data=attached, files={"file": file})
        assert (answer.status_code, 'value="Tickets"' in answer.text) == (403, kept)
        assert ('value="tickets.csv"' in answer.text) == kept


@pytest.mark.parametrize("end", ["revoked", "expired", "signed out"])
def test_nothing_is_recorded_once_the_session_ended(site: TestClient, team: Store, end: str) -> None:
    filled = {**hidden(site.get(do("note")).text), "text": "x"}
    assert site.post(do("note"), data=filled).status_code == 303
    before = len(team.records())
    if end == "revoked":
        Tokens(team.folder).revoke(1, team.now)
    elif end == "expired":
        team.clock.tick(timedelta(days=30))
    else:
        cookies = dict(site.cookies)
        site.post("/sign-out", data=hidden(site.get("/sign-out").text))
        site.cookies.update(cookies)
    late = {**filled, "command_id": "other", "text": TEXT, "because": LINE}
    answer = site.post(do("note"), data=late)
    assert (answer.status_code, answer.headers["cache-control"]) == (403, "no-store")
    assert f"\n{escape(TEXT)}</textarea>" in answer.text  # what was typed is not lost
    assert escape(LINE) in answer.text
    assert "<img src='x'" not in answer.text
    assert 'href="/sign-in?to=/initiatives/SUP-1/do/note"' in answer.text
    assert "Not recorded You are not signed in, or not any more." in words(answer.text)
    assert filled["csrf"] not in answer.text
    assert len(team.records()) == before
    assert site.get(do("note")).headers["location"] == "/sign-in?to=/initiatives/SUP-1/do/note"


def test_who_may_only_read_records_nothing_and_is_offered_nothing(site: TestClient, team: Store) -> None:
    filled = {**hidden(site.get(do("note")).text), "text": "x"}
    before = len(team.records())
    with client(team.folder) as reader:
        sign_in(reader, team.folder, "carla", "read")
        assert reader.get(do("note")).status_code == 403
        csrf = hidden(reader.get("/sign-out").text)["csrf"]
        assert reader.post(do("note"), data={**filled, "csrf": csrf}).status_code == 403
        assert "(reading)" in reader.get("/").text
    assert len(team.records()) == before
    assert site.post(do("note"), data=filled).status_code == 303


def test_nobody_records_as_somebody_else(site: TestClient, team: Store) -> None:
    posts(
        site,
        do("note") + "?actor=paula&handle=paula",
        text="x",
        actor="paula",
        handle="paula",
        at="2026-01-01",
    )
    record = last(team)
    assert (record.actor.id, record.body.effective_at) == ("carla", record.recorded_at)
    answer = posts(site, do("approve"), role="data-science")
    assert (answer.status_code, "carla (compliance) does not hold the role" in answer.text) == (422, True)


def test_who_left_records_nothing(site: TestClient, team: Store) -> None:
    from roadlog.domain.commands import RemoveStakeholder

    team.do(RemoveStakeholder(stakeholder="carla"))
    before = len(team.records())
    answer = posts(site, do("note"), text="x")
    assert (answer.status_code, len(team.records())) == (422, before)


def test_there_are_forms_of_what_there_is(site: TestClient) -> None:
    assert site.get(do("erase")).status_code == 404
    assert site.get(do("note", "SUP-9")).status_code == 404
    assert site.get(do("note") + "?position=3").headers["location"] == do("note")
    assert site.put(do("note")).status_code == 405


FREE = [
    ("note", {"text": TEXT}),
    ("checkin", {"role": "compliance", "said": TEXT}),
    ("approve", {"statement": TEXT, "conditions": [LINE], "due": [""], "because": TEXT}),
    ("reject", {"because": TEXT}),
    ("risk-log", {"description": TEXT, "category": "bias", "likelihood": "4", "impact": "5"}),
    ("edge-case-log", {"description": TEXT, "severity": "2", "source": LINE}),
    ("evidence-attach", {"kind": "model", "uri": f"https://x.example/{LINE}", "sha256": X, "title": LINE}),
]


@pytest.mark.parametrize(("form", "typed"), FREE, ids=[each[0] for each in FREE])
def test_hostile_text_is_recorded_as_it_is_and_shown_as_text(
    site: TestClient, team: Store, form: str, typed: dict[str, str | list[str]]
) -> None:
    answer = posts(site, do(form), **typed)
    assert answer.status_code == 303, words(answer.text)
    recorded = f"{last(team).event}{last(team).reason}"
    assert MARK in recorded or MARK.encode("unicode_escape").decode() in recorded
    for path in (f"/?recorded={last(team).position}", do("condition-met"), do("result"), do("edge-case-log")):
        page = site.get(path).text
        assert "<img src='x'" not in page
        assert "\u202e" not in page


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("condition-met", "there is no condition to meet"),
        ("consent", "Nothing waits for a consent here"),
        ("withdraw", "No vote of yours stands at this gate"),
    ],
)
def test_where_there_is_nothing_to_choose_nothing_can_be_pressed(
    site: TestClient, team: Store, form: str, says: str
) -> None:
    page = site.get(do(form)).text
    assert says in words(page)
    assert re.findall(r"<button(?![^>]*disabled)[^>]*>", page) == []
    posts(site, do("approve"), conditions=["Publish it"], due=[""])
    page = site.get(do("condition-met")).text  # the control: now there is
    assert ('<button class="main">' in page, "no condition to meet" in words(page)) == (True, False)


def test_what_is_typed_comes_back_in_its_field_to_the_letter(site: TestClient, team: Store) -> None:
    answer = posts(
        site, do("approve"), statement=TEXT, conditions=[LINE, LINE], due=["", "x"], valid_days="x"
    )
    assert answer.status_code == 400
    assert f"\n{escape(TEXT)}</textarea>" in answer.text
    assert answer.text.count(f'name="conditions" value="{escape(LINE)}"') == 2
    assert "<img src='x'" not in answer.text
    again = {**hidden(answer.text), "statement": TEXT, "conditions": [LINE], "due": [""]}
    assert site.post(do("approve"), data=again).status_code == 303
    event = last(team).event
    assert isinstance(event, StakeholderApproved)
    assert (event.statement, event.conditions[0].text) == (TEXT, LINE)


def test_what_stands_in_an_address_is_shown_and_hides_nothing(site: TestClient) -> None:
    page = site.get(do("note"), params={"text": TEXT}).text
    assert "\u202e" not in page
    assert "<img src='x'" not in page
    assert "&lt;img src=" in page


@pytest.mark.parametrize("text", [OBEYED, "x" * 17 * 1024, "\0"])
def test_text_that_no_record_holds_is_refused(site: TestClient, team: Store, text: str) -> None:
    before = len(team.records())
    answer = posts(site, do("note"), text=text)
    assert (answer.status_code, len(team.records())) == (400, before)
    assert "Not recorded" in words(answer.text)
    assert posts(site, do("note"), text="x" * 16 * 1024).status_code == 303  # the control


def test_a_form_that_is_too_large_is_not_read(site: TestClient, team: Store) -> None:
    filled = hidden(site.get(do("note")).text)
    assert site.post(do("note"), data={**filled, "text": "x" * 2**20}).status_code == 413
    assert (
        site.post(do("note"), data={**filled, **{f"f{each}": "" for each in range(200)}}).status_code == 400
    )


NAMES = sorted(
    {each.name for form in FORMS_THERE_ARE for each in form.fields} | {"due", "press", "at", "signature"}
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "-1",
            "1e999",
            "nan",
            "true",
            "C1",
            "F1",
            "D1",
            "tickets",
            "compliance",
            "bias",
            "2026-05-01",
        ]
    ),
    st.sampled_from(
        ["more", "sign", "text", "approved", "2026-03-02T09:00:00Z", "9999-12-31T23:59:59-23:59"]
    ),
    st.text(max_size=20),
)


@pytest.mark.parametrize("form", [each.slug for each in FORMS_THERE_ARE])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
)
@given(data=st.data())
def test_whatever_is_typed_is_recorded_or_refused(
    site: TestClient, team: Store, form: str, data: st.DataObject
) -> None:
    typed = data.draw(
        st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, min_size=1, max_size=3), max_size=12)
    )
    before = len(team.records())
    utf8 = {
        name: [each.encode("utf-8", "replace").decode() for each in several]
        for name, several in typed.items()
    }
    answer = site.post(do(form), data={**hidden(site.get(do(form)).text), **utf8})
    assert answer.status_code in (200, 303, 400, 404, 409, 422)
    if answer.status_code != 303:
        assert len(team.records()) == before


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
def test_what_is_no_form_is_not_taken(site: TestClient, kind: str) -> None:
    answer = site.post(do("note"), content=b"--y\r\n%%%\xff\0", headers={"Content-Type": kind})
    assert answer.status_code in (400, 403)


def test_what_was_recorded_is_not_told_of_the_past(site: TestClient, team: Store) -> None:
    posts(site, do("note"), text="hello")
    assert "Recorded:" not in site.get(f"/?recorded={last(team).position}&position=8").text


def test_nothing_changes_a_form_while_somebody_fills_it_in(site: TestClient) -> None:
    board = site.get("/").text  # the control
    assert ("/static/time.js" in board, 'data-shows="now"' in board) == (True, True)
    for page in (do("approve"), "/sign-in", "/sign-out"):
        shown = site.get(page).text
        assert ("/static/time.js" in shown, 'data-shows="now"' in shown) == (False, False)


def test_who_is_asked_beside_the_gate_is_said_before_it_is_recorded(site: TestClient) -> None:
    page = words(site.get(do("request")).text)
    assert "compliance (this gate does not ask it)" in page


def test_an_empty_file_shows_nothing(site: TestClient, team: Store) -> None:
    filled = {**hidden(site.get(do("evidence-attach")).text), "kind": "dataset"}
    before = len(team.records())
    answer = site.post(do("evidence-attach"), data=filled, files={"file": ("tickets.csv", b"", "text/csv")})
    assert (answer.status_code, len(team.records())) == (400, before)
    assert "tickets.csv is empty: it shows nothing." in words(answer.text)


@pytest.mark.parametrize("form", [each.slug for each in FORMS_THERE_ARE])
def test_each_form_says_which_roadlog_it_is(site: TestClient, form: str) -> None:
    assert f"roadlog {__version__}" in words(site.get(do(form)).text)


@pytest.mark.parametrize("charset", ["utf-7", "undefined", "unicode_escape", "latin-1"])
def test_a_form_is_written_in_utf_8(site: TestClient, team: Store, charset: str) -> None:
    before = len(team.records())
    fields = {**hidden(site.get(do("note")).text), "text": "+2AA-"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    body = "".join([*parts, "--x--\r\n"]).encode()
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    for path in (do("note"), "/sign-in", "/sign-out"):
        assert site.post(path, content=body, headers={"Content-Type": kind}).status_code == 415
    assert len(team.records()) == before
    kind = "multipart/form-data; boundary=x; charset=UTF-8"  # the control
    assert site.post(do("note"), content=body, headers={"Content-Type": kind}).status_code == 303


def test_the_roadmap_itself_has_a_form_to_consent_and_no_other(site: TestClient) -> None:
    for form in FORMS_THERE_ARE:
        found = site.get(do(form.slug, key="SUP")).status_code
        assert found == (200 if form.command == "consent" else 404), form.slug


@pytest.mark.parametrize("typed", [["", "", ""], ["Publish it", "", ""], ["One", "Two", "Three"]])
def test_more_conditions_are_three_more_whatever_was_typed(site: TestClient, typed: list[str]) -> None:
    answer = posts(site, do("approve"), conditions=typed, due=["", "", ""], press="more")
    there = sum(map(bool, typed))
    fields = re.findall(
        r'<input name="conditions" value="(.*?)" autocomplete="off"( autofocus)?>', answer.text
    )
    assert fields == [
        *((each, "") for each in typed[:there]),
        ("", " autofocus"),
        *[("", "")] * (5 - there),
    ]
    assert "autofocus" not in site.get(do("approve")).text  # the control
