"""Values in words, as a terminal and a page say them."""

import pytest

from roadlog.words import number, percent


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "?"),
        (640, "640"),
        (0.84, "0.84"),
        (12_000, "12,000"),
        (2**53, "9.0072e+15"),
        (1e32, "1e+32"),
        (-7.25e32, "-7.25e+32"),
    ],
)
def test_numbers_are_told_briefly(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("part", "said", "signed"),
    [
        (None, "", ""),
        (0.956, "96 %", "+96 %"),
        (-0.2, "-20 %", "-20 %"),
        (8_000.0, "800000 %", "+800000 %"),
        (7.142857142857143e30, "7.1e+32 %", "+7.1e+32 %"),
    ],
)
def test_parts_are_told_in_percent(part: float | None, said: str, signed: str) -> None:
    assert (percent(part), percent(part, "+")) == (said, signed)
