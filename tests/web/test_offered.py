"""A line to type is offered as the form that does it, filled in as far as the line says."""

import pytest

from roadlog.web.forms import FORMS
from roadlog.web.offered import offered


@pytest.mark.parametrize(
    ("line", "addresses"),
    [
        ("roadlog approve SUP-1", ["approve", "reject", "abstain"]),
        (
            "roadlog approve SUP-1 --role legal --sign",
            ["approve?role=legal", "reject?role=legal", "abstain?role=legal"],
        ),
        ("roadlog request SUP-1 --role legal", ["request?roles=legal"]),
        ("roadlog request SUP-1 --role compliance", ["request?roles=compliance"]),
        ("roadlog checkin SUP-1 --role legal TEXT", ["checkin?role=legal"]),
        ("roadlog result SUP-1 'how right' VALUE", ["result?criterion=how+right"]),
        ("roadlog measure SUP-1 tickets N", ["measure?metric=tickets"]),
        ("roadlog condition met SUP-1 C1", ["condition-met?condition=C1"]),
        ("roadlog consent c2", ["consent?request=c2"]),
        ("roadlog evidence attach SUP-1 FILE --kind dataset", ["evidence-attach?kind=dataset"]),
        (
            "roadlog risk log SUP-1 TEXT --category bias --likelihood N --impact N",
            ["risk-log?category=bias"],
        ),
        ("roadlog note SUP-1 TEXT --because WHY", ["note"]),
    ],
)
def test_a_line_with_a_form(line: str, addresses: list[str]) -> None:
    found = offered(line, "SUP-1", ("legal",))
    assert [each.address for each in found] == [f"/initiatives/SUP-1/do/{each}" for each in addresses]
    assert all(each.form in FORMS for each in found)


@pytest.mark.parametrize(
    "line",
    [
        "roadlog approve SUP-1 --role compliance",
        "roadlog advance SUP-1",
        "roadlog risk mitigate SUP-1 R1 TEXT",
        "roadlog condition",
        "roadlog",
    ],
)
def test_a_line_without_one_and_a_vote_of_a_role_that_is_another_s(line: str) -> None:
    assert offered(line, "SUP-1", ("legal",)) == []


def test_what_somebody_wrote_stays_inside_its_field() -> None:
    (found,) = offered("roadlog measure SUP-1 'a&b=\"<c>' N", "SUP-1", ())
    assert found.address == "/initiatives/SUP-1/do/measure?metric=a%26b%3D%22%3Cc%3E"
    (found,) = offered("roadlog note SUP/1 TEXT", "SUP/1", ())
    assert found.address == "/initiatives/SUP%2F1/do/note"
