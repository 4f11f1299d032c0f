"""Workflows in TOML: the built-in ones, custom ones, and every mistake named with file, line and key."""

import hashlib
import json
from typing import get_args

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st
from msgspec.structs import fields

from roadlog.domain.events import EvidenceKind
from roadlog.domain.limits import unseen_fault
from roadlog.domain.refusals import Malformed
from roadlog.domain.workflow import RISK_CATEGORIES, Milestone, Policy, Workflow
from roadlog.domain.workflow_file import (
    as_toml,
    definition,
    digest_of,
    from_definition,
    parse,
    problems,
)
from roadlog.domain.workflow_rules import BOUNDS, NEVER_EMPTY, faults
from tests.domain.spec import built_in

GOOD = """\
name = "team"
version = 2
start = "a"
finish = "b"
entry = ["problem"]
roles = ["product", "compliance", "ops"]

[[milestone]]
id = "a"
question = "Why?"
requires = ["approval:ops", "risk:bias"]

[[milestone]]
id = "b"

[policy]
risk_threshold = 9
"""


def gates(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    return {each.id: each.requires for each in workflow.milestones}


def test_ai_product_has_the_gates_of_its_table() -> None:
    workflow = built_in("ai-product")
    assert gates(workflow) == {
        "feasibility": (
            "baseline",
            "evidence:dataset",
            "classification",
            "expectation",
            "approval:data-science",
            "approval:compliance",
        ),
        "prototype": ("result-or-evidence:prototype", "approval:engineering"),
        "training": (
            "criteria",
            "evidence:evaluation",
            "risk:hallucination",
            "risk:bias",
            "approval:data-science",
        ),
        "integration": ("fallback", "notice", "approval:engineering", "approval:customer-ops"),
        "experimentation": (
            "fallback",
            "notice",
            "edge-cases",
            "monitor",
            "risks",
            "experiment",
            "approval:data-science",
            "approval:engineering",
            "approval:compliance",
            "approval:customer-ops",
        ),
        "live": (),
    }
    assert [each.id for each in workflow.milestones if each.renew] == ["experimentation"]
    assert workflow.entry == ("problem",)
    assert (workflow.start, workflow.finish) == ("feasibility", "live")
    assert workflow.policy == Policy()


def test_lite_asks_for_the_problem_its_baseline_and_what_users_are_owed() -> None:
    workflow = built_in("lite")
    assert workflow.order == built_in("ai-product").order
    assert workflow.entry == ("problem",)
    assert {milestone: gate for milestone, gate in gates(workflow).items() if gate} == {
        "feasibility": ("baseline",),
        "experimentation": ("fallback", "notice", "edge-cases"),
    }
    assert workflow.policy == Policy()


def test_open_asks_for_nothing() -> None:
    workflow = built_in("open")
    assert workflow.order == built_in("ai-product").order
    assert workflow.entry == ()
    assert not any(gates(workflow).values())
    assert workflow.policy == Policy(problem_first=False)


@pytest.mark.parametrize("name", ["ai-product", "lite", "open"])
def test_a_built_in_workflow_has_the_name_of_its_file_and_could_be_adopted(name: str) -> None:
    workflow = built_in(name)
    assert workflow.name == name
    assert faults(workflow) == ()
    assert parse(as_toml(workflow), "printed") == workflow


def test_a_custom_workflow_is_read() -> None:
    assert parse(GOOD, "team.toml") == Workflow(
        name="team",
        version=2,
        start="a",
        finish="b",
        entry=("problem",),
        roles=("product", "compliance", "ops"),
        milestones=(
            Milestone(id="a", question="Why?", requires=("approval:ops", "risk:bias")),
            Milestone(id="b"),
        ),
        policy=Policy(risk_threshold=9),
    )
    assert problems(GOOD, "team.toml") == ()


def test_every_mistake_is_named_at_once() -> None:
    text = """\
name = ""
version = true
statr = "a"
finish = "c"
entry = ["problm"]
roles = ["product", "two words"]
[[milestone]]
id = "a"
requires = ["evidence:datset", "approval:nobody", "risk:bais", "criteria:x", "fallback", "fallback"]
[[milestone]]
id = "a"
renew = "yes"
questoin = "?"
[policy]
risk_threshold = 99
colour = 3
may_enrol = []
may_waive = ["product"]
may_waive_approvals = []
may_accept_risk = ["prodct"]
may_void_others = "product"
"""
    found = problems(text, "bad.toml")
    assert found == (
        "bad.toml:1 start: is missing",
        "bad.toml:1 name: is empty",
        "bad.toml:2 version: expected a whole number",
        "bad.toml:3 statr: unknown key; did you mean 'start'?",
        "bad.toml:4 finish: 'c' is no milestone; known: a",
        "bad.toml:5 entry: unknown requirement 'problm'; did you mean 'problem'?",
        "bad.toml:6 roles: 'two words' cannot be a role: letters a-z, digits, '.', '_' and '-' can",
        "bad.toml:9 milestone.requires: 'evidence:datset' names no evidence kind; did you mean 'dataset'?",
        "bad.toml:9 milestone.requires: 'approval:nobody' names no role; known: product, two words",
        "bad.toml:9 milestone.requires: 'risk:bais' names no risk category; did you mean 'bias'?",
        "bad.toml:9 milestone.requires: 'criteria:x': 'criteria' takes no name",
        "bad.toml:9 milestone.requires: 'fallback' is there twice",
        "bad.toml:11 milestone.id: 'a' is there twice",
        "bad.toml:12 milestone.renew: expected true or false",
        "bad.toml:13 milestone.questoin: unknown key; did you mean 'question'?",
        "bad.toml:15 policy.risk_threshold: 99 is not within 1 to 25",
        "bad.toml:16 policy.colour: unknown key; known: " + ", ".join(Policy.__struct_fields__),
        "bad.toml:17 policy.may_enrol: is empty: nobody could ever do it",
        "bad.toml:20 policy.may_accept_risk: 'prodct' is no role; did you mean 'product'?",
        "bad.toml:21 policy.may_void_others: expected a list of texts",
    )
    with pytest.raises(Malformed) as caught:
        parse(text, "bad.toml")
    assert caught.value.missing == found
    assert caught.value.message == "bad.toml has 20 mistakes:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'start = "a"\nfinish = "b"',
            'start = "b"\nfinish = "a"',
            "4 finish: 'a' comes before the start 'b'",
        ),
        ('start = "a"', 'start = "aa"', "3 start: 'aa' is no milestone; did you mean 'a'?"),
        ('name = "team"', "", "1 name: is missing"),
        ('name = "team"', "name = 3", "1 name: expected a text"),
        ('name = "team"', 'name = " team"', "1 name: ' team' must be one line, without blanks around it"),
        ('name = "team"', f'name = "{"x" * 201}"', "1 name: is 201 characters long, more than 200"),
        ('name = "team"', 'name = "a\\u0007"', "1 name: holds a control character (U+0007) at place 2"),
        ("version = 2", "version = 0", "2 version: must be 1 or more"),
        ("version = 2", "version = 2.0", "2 version: expected a whole number"),
        ("version = 2", "version = 2026-01-01", "2 version: expected a whole number"),
        ('id = "b"', "renew = true", "13 milestone.id: is missing"),
        ('entry = ["problem"]', "entry = [1]", "5 entry: expected a list of texts"),
        (
            'entry = ["problem"]',
            'entry = ["criteria"]',
            "5 entry: 'criteria' can never be met here: a criterion belongs to a milestone's gate",
        ),
        (
            'roles = ["product", "compliance", "ops"]',
            "roles = []",
            "6 roles: is empty: somebody must be able to act",
        ),
        ('"Why?"', '"\\u001b[2J"', "10 milestone.question: holds a control character (U+001B) at place 1"),
        ("risk_threshold = 9", "risk_threshold = 0", "17 policy.risk_threshold: 0 is not within 1 to 25"),
        (
            "risk_threshold = 9",
            "max_backdate_days = -1",
            "17 policy.max_backdate_days: -1 is not within 0 to 36500",
        ),
        (
            "risk_threshold = 9",
            "one_role_per_person = 1",
            "17 policy.one_role_per_person: expected true or false",
        ),
        (
            "risk_threshold = 9",
            "may_adopt_workflow = []",
            "17 policy.may_adopt_workflow: is empty: nobody could ever do it",
        ),
        (
            "[policy]\nrisk_threshold = 9",
            "[[policy]]\nrisk_threshold = 9",
            "16 policy: expected a [policy] table",
        ),
    ],
)
def test_one_mistake_is_told_once_and_nothing_that_only_follows_from_it(
    old: str, new: str, said: str
) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new), "f") == (f"f:{said}",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("risk_threshold = 9", "may_waive = []"),
        ("risk_threshold = 9", "max_backdate_days = 36500"),
        ('start = "a"', 'start = "b"'),
        ('question = "Why?"\n', ""),
        ('entry = ["problem"]', 'entry = ["problem", "approval:ops"]'),
        ("[policy]\nrisk_threshold = 9\n", ""),
    ],
)
def test_what_an_organisation_may_change(old: str, new: str) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new), "f") == ()


def test_a_role_that_a_default_of_the_policy_names_must_be_there_too() -> None:
    text = GOOD.replace('"compliance", ', "")
    assert problems(text, "f") == (
        "f:16 policy.may_waive: 'compliance' is no role; known: product, ops",
        "f:16 policy.may_waive_approvals: 'compliance' is no role; known: product, ops",
        "f:16 policy.may_accept_risk: 'compliance' is no role; known: product, ops",
        "f:16 policy.may_void_others: 'compliance' is no role; known: product, ops",
    )


def test_a_workflow_has_milestones_and_at_most_50() -> None:
    head = GOOD[: GOOD.index("[[milestone]]")]
    none = problems(head, "f")
    assert none == ("f:1 milestone: there are no milestones: write [[milestone]] with an id",)
    tables = [f'[[milestone]]\nid = "{name}"\n' for name in ("a", "b", *map(str, range(49)))]
    assert problems(head + "".join(tables[:50]), "f") == ()
    assert problems(head + "".join(tables), "f") == (
        "f:108 milestone: there are 51 milestones, more than 50",
    )


@pytest.mark.parametrize(
    "code", ["00A0", "200B", "202E", "2028", "2066", "3164", "E000", "FE0F", "FEFF", "E0041", "E0100"]
)
def test_an_id_that_holds_what_nobody_sees_is_refused(code: str) -> None:
    text = GOOD.replace('id = "b"', f'id = "b\\U{code:0>8}b"').replace('finish = "b"', 'finish = "a"')
    assert problems(text, "f") == (f"f:14 milestone.id: holds an invisible character (U+{code}) at place 2",)


@pytest.mark.parametrize("name", ["in review", "Überprüfung", "設計", "مراجعة", "★"])
def test_ids_may_be_of_any_script_that_shows(name: str) -> None:
    text = GOOD.replace('id = "b"', f'id = "{name}"').replace('finish = "b"', f'finish = "{name}"')
    assert problems(text, "f") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a"\nversion = \n', "f:2 syntax: Invalid value (column 11)"),
        ('name = "a"\nname = "b"\n', "f:2 syntax: Cannot overwrite a value (column 11)"),
        ('name = "a"\nentry = ["x",\n', "f:2 syntax: Invalid value"),
        ("name = 'a\x01'", "f:1 syntax: Found invalid character '\\x01' (column 10)"),
        ("", "f:1 name: is missing"),
        ("entry = " + "[" * 100_000, "f:1 syntax: nested too deeply"),
        ("version = " + "9" * 5000, "f:1 syntax: Exceeds the limit"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, said: str) -> None:
    assert problems(text, "f")[0].startswith(said)


def test_lines_are_right_around_values_that_take_several() -> None:
    question = '"""\n[policy]\nrisk_threshold = 7\n[[milestone]]\nrequires = 1"""'
    requires = '[\n  "approval:ops",\n  # requires = "no key"\n  "risk:bais",\n]'
    text = GOOD.replace('"Why?"', question).replace('["approval:ops", "risk:bias"]', requires)
    assert problems(text.replace("risk_threshold = 9", "risk_threshold = 99"), "f") == (
        "f:15 milestone.requires: 'risk:bais' names no risk category; did you mean 'bias'?",
        "f:25 policy.risk_threshold: 99 is not within 1 to 25",
    )


def test_dotted_and_inline_policies_are_read_and_placed() -> None:
    head = GOOD[: GOOD.index("[policy]")]
    dotted = "policy.risk_threshold = 99\n" + head
    assert problems(dotted, "f") == ("f:1 policy.risk_threshold: 99 is not within 1 to 25",)
    inline = "policy = { risk_threshold = 99 }\n" + head
    assert problems(inline, "f") == ("f:1 policy.risk_threshold: 99 is not within 1 to 25",)


def test_a_definition_states_every_value_as_json_has_it() -> None:
    content = definition(parse(GOOD, "team.toml"))
    assert json.loads(json.dumps(content)) == content
    assert content["milestones"][1] == {"id": "b", "question": "", "requires": [], "renew": False}
    assert set(content["policy"]) == set(Policy.__struct_fields__)
    assert set(content) == set(Workflow.__struct_fields__)


def test_a_stored_definition_without_a_policy_value_added_later_is_read_with_its_default() -> None:
    content = definition(parse(GOOD, "team.toml"))
    del content["policy"]["anchor_max_age_hours"]
    assert from_definition(content) == parse(GOOD, "team.toml")


@pytest.mark.parametrize("where", ["top", "policy", "milestone"])
def test_a_stored_definition_with_an_unknown_key_is_refused(where: str) -> None:
    content = definition(parse(GOOD, "team.toml"))
    {"top": content, "policy": content["policy"], "milestone": content["milestones"][0]}[where][
        "surprise"
    ] = 1
    with pytest.raises(Malformed, match="surprise"):
        from_definition(content)


def test_a_stored_definition_with_a_mistyped_value_is_refused() -> None:
    content = definition(parse(GOOD, "team.toml"))
    content["policy"]["risk_threshold"] = "9"
    with pytest.raises(Malformed, match="risk_threshold"):
        from_definition(content)


def test_a_digest_is_the_sha_256_of_the_sorted_json_whatever_the_order_of_keys() -> None:
    content = definition(parse(GOOD, "team.toml"))
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest_of(content) == hashlib.sha256(text.encode()).hexdigest()
    assert digest_of(dict(reversed(content.items()))) == digest_of(content)
    assert digest_of({**content, "version": 3}) != digest_of(content)


def test_the_printed_file_has_one_value_a_line() -> None:
    printed = as_toml(parse(GOOD, "team.toml"))
    assert printed.startswith(GOOD[: GOOD.index("\n\n")])
    for name in Policy.__struct_fields__:
        assert sum(line.startswith(f"{name} = ") for line in printed.splitlines()) == 1


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(
    lambda name: name == name.strip()
)
ids_that_show = names.filter(lambda name: unseen_fault(name) is None)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=40)
role_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,10}", fullmatch=True)


@st.composite
def policies(draw: st.DrawFn, roles: tuple[str, ...]) -> Policy:
    values: dict[str, object] = {}
    for field in fields(Policy):
        if field.name in BOUNDS:
            least, most = BOUNDS[field.name]
            values[field.name] = draw(st.integers(least, most))
        elif field.type is bool:
            values[field.name] = draw(st.booleans())
        else:
            least = 1 if field.name in NEVER_EMPTY else 0
            some = st.lists(st.sampled_from(roles), unique=True, min_size=least)
            values[field.name] = tuple(draw(some))
    return Policy(**values)  # type: ignore[arg-type]


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    roles = tuple(draw(st.lists(role_names, min_size=1, max_size=5, unique=True)))
    requirements = st.lists(
        st.one_of(
            st.sampled_from(["problem", "baseline", "criteria", "risks", "experiment", "edge-cases"]),
            st.sampled_from(roles).map("approval:{}".format),
            st.sampled_from(RISK_CATEGORIES).map("risk:{}".format),
            st.sampled_from(get_args(EvidenceKind)).map("result-or-evidence:{}".format),
        ),
        unique=True,
        max_size=6,
    ).map(tuple)
    ids = draw(
        st.lists(names.filter(lambda name: unseen_fault(name) is None), min_size=1, max_size=6, unique=True)
    )
    start = draw(st.integers(0, len(ids) - 1))
    finish = draw(st.integers(start, len(ids) - 1))
    return Workflow(
        name=draw(names),
        version=draw(st.integers(1, 10**9)),
        start=ids[start],
        finish=ids[finish],
        entry=tuple(each for each in draw(requirements) if each != "criteria"),
        roles=roles,
        milestones=tuple(
            Milestone(id=each, question=draw(texts), requires=draw(requirements), renew=draw(st.booleans()))
            for each in ids
        ),
        policy=draw(policies(roles)),
    )


@property_of(workflows())
def test_any_workflow_survives_being_printed_and_read_again(workflow: Workflow) -> None:
    assert parse(as_toml(workflow), "printed") == workflow


@property_of(workflows())
def test_any_workflow_survives_being_stored_and_read_again(workflow: Workflow) -> None:
    stored = json.loads(json.dumps(definition(workflow)))
    assert from_definition(stored) == workflow
    assert digest_of(stored) == digest_of(definition(workflow))


@property_of(st.integers(0, len(GOOD)), st.integers(0, 12), st.text('"[]={}.,#\n ab1\\\x00é', max_size=4))
def test_a_file_with_any_slip_is_read_or_told_about_with_an_honest_line(at: int, cut: int, slip: str) -> None:
    text = GOOD[:at] + slip + GOOD[at + cut :]
    for each in problems(text, "f"):
        file, line = each.split(" ", 1)[0].split(":")
        assert file == "f"
        assert 1 <= int(line) <= text.count("\n") + 1


@property_of(st.text(max_size=200))
def test_any_text_at_all_is_read_or_told_about(text: str) -> None:
    found = problems(text, "f")
    assert found
    assert all(each.startswith("f:") for each in found)
