"""Names of the log and what they mean here: handles, maps, and the mistakes that maps can hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from roadlog.domain.limits import is_name
from roadlog.domain.refusals import Malformed
from roadlog.interop.mapping import Mapping, Person, handle_of, read_map
from tests.domain.spec import built_in

OPEN = built_in("open")


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("dana", "dana"),
        ("Ana María (QA)", "ana-maria-qa"),
        ("j.doe@example.org", "j.doe-example.org"),
        ("User_1", "user_1"),
        ("-- ", "person-"),
        ("李雷", "person-"),
        ("🤖", "person-"),
        ("ﬁona Ⅳ", "fiona-iv"),
    ],
)
def test_a_handle_is_made_of_a_name(name: str, handle: str) -> None:
    made = handle_of(name)
    assert made.startswith(handle) if handle.endswith("-") else made == handle


@settings(deadline=None)
@for_all(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_every_name_gives_a_handle_that_may_be_one(name: str) -> None:
    assert is_name(handle_of(name))
    assert handle_of(name) == handle_of(name)


def test_names_without_letters_stay_apart() -> None:
    assert handle_of("李雷") != handle_of("韩梅梅")


def test_names_that_differ_in_capitals_are_one_person() -> None:
    people = Mapping().people_of(("Ana Lopez", "ANA LOPEZ"), {})
    assert {each.handle for each in people.values()} == {"ana-lopez"}


@pytest.mark.parametrize("names", [("Ana.", "Ana"), ("J Doe", "J-Doe"), ("Zoë", "Zoe")])
def test_names_that_differ_otherwise_are_not_guessed_to_be_one(names: tuple[str, str]) -> None:
    with pytest.raises(Malformed, match="would both become"):
        Mapping().people_of(names, {})


def test_a_name_does_not_slip_into_a_mapped_handle() -> None:
    mapping = Mapping(people={"Ana María": Person(handle="ana")})
    with pytest.raises(Malformed, match="'Ana María' and 'Ana' would both become 'ana'"):
        mapping.people_of(("Ana",), {})


def test_several_names_may_be_mapped_to_one_person() -> None:
    mapping = Mapping(people={"Ana": Person(handle="ana"), "A. López": Person(handle="ana")})
    assert {each.handle for each in mapping.people_of(("Ana", "A. López"), {}).values()} == {"ana"}


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_names_activities_and_people(tmp_path: Path) -> None:
    text = (
        '[activity]\n"In  review" = "training"\n[person]\nAna = "ana"\n'
        'Ben = { handle = "ben", roles = ["engineering", "engineering"], kind = "system" }\n'
    )
    mapping = read_map(write(tmp_path, text), OPEN)
    assert mapping.milestone("In review", OPEN) == "training"
    assert mapping.milestone("training", OPEN) is None
    assert mapping.people == {
        "Ana": Person(handle="ana"),
        "Ben": Person(handle="ben", roles=("engineering",), kind="system"),
    }


def test_a_map_of_people_alone_leaves_activities_their_own_milestones(tmp_path: Path) -> None:
    mapping = read_map(write(tmp_path, '[person]\nAna = "ana"\n'), OPEN)
    assert mapping.milestone("training", OPEN) == "training"


def test_every_mistake_of_a_map_is_named_with_file_line_and_key(tmp_path: Path) -> None:
    text = (
        '[activity]\nDesign = "design"\nBuild = 3\n'
        '[person]\nAna = { handle = "An a" }\nBen = { roles = [] }\n'
        'Cleo = { handle = "cleo", roles = ["boss"] }\nDan = { handle = "dan", kind = "cat" }\n[people]\n'
    )
    with pytest.raises(Malformed, match=r"map\.toml has 7 mistakes; nothing was imported\.") as malformed:
        read_map(write(tmp_path, text), OPEN)
    places = [each.split(": ")[0] for each in malformed.value.missing]
    assert places == [
        "map.toml, line 9, [people]",
        "map.toml, line 2, activity 'Design'",
        "map.toml, line 3, activity 'Build'",
        "map.toml, line 5, person 'Ana'",
        "map.toml, line 6, person 'Ben'",
        "map.toml, line 7, person 'Cleo'",
        "map.toml, line 8, person 'Dan'",
    ]


@pytest.mark.parametrize("text", ["[activity\n", "activity = 3\n", 'x = "\ud800"'])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(Malformed, match=r"map\.toml"):
        read_map(path, OPEN)


def test_activities_cannot_be_mapped_where_the_workflow_is_inferred(tmp_path: Path) -> None:
    path = write(tmp_path, '[activity]\nDesign = "training"\n')
    with pytest.raises(Malformed) as malformed:
        read_map(path, OPEN, people_only=True)
    assert "activities are their own milestones with --infer-workflow" in malformed.value.missing[0]
