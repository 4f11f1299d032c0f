"""The colours, measured: contrast, distance as a colour-blind reader sees them, lightness in grey print.

Contrast is that of WCAG 2.2. Colour blindness is simulated with the matrices of Machado, Oliveira and
Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (IEEE TVCG 15(6), 2009),
severity 1.0, on linear RGB. Distance is CIE 1976 ΔE in L*a*b* under D65, lightness its L*.
"""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest

from roadlog.charts.colours import (
    BANDS,
    DASHES,
    NOT_STARTED,
    OUT,
    SERIES,
    SHAPES,
    TEXTURES,
    VISITS,
    Textures,
    is_dark,
    ramp,
)

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]
PAPER, DARK_PAPER, INK = "#ffffff", "#121212", "#1a1f26"
"""White, the dark canvas of Chromium, and the text where nobody says otherwise."""
MACHADO: dict[str, Matrix] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "everybody else": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Vector = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Vector:
    def of(place: int) -> float:
        value = int(colour[place : place + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return of(1), of(3), of(5)


def times(matrix: Matrix, vector: Vector) -> Vector:
    a, b, c = (sum(x * y for x, y in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def luminance(colour: str) -> float:
    return times(TO_XYZ, linear(colour))[1]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, eye: str = "everybody else") -> Vector:
    red, green, blue = (max(0.0, min(1.0, each)) for each in times(MACHADO[eye], linear(colour)))
    xyz = times(TO_XYZ, (red, green, blue))

    def of(value: float) -> float:
        return value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29

    x, y, z = (of(value / white) for value, white in zip(xyz, WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_measures_know_white_from_black() -> None:
    """The control: known values, and two colours that a colour-blind reader does mix up."""
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0, abs=0.01)
    assert lab("#ffffff") == pytest.approx((100.0, 0.0, 0.0), abs=0.02)
    green, red = "#7da847", "#cf8a3e"
    assert math.dist(lab(green), lab(red)) > 40
    assert math.dist(lab(green, "deuteranopia"), lab(red, "deuteranopia")) < 20


@pytest.mark.parametrize("colour", SERIES)
def test_lines_and_points_show_on_white_and_on_dark(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3
    assert contrast(colour, DARK_PAPER) >= 3


def test_text_shows_also_where_it_is_quiet() -> None:
    quiet = "#" + "".join(f"{round(int(INK[at : at + 2], 16) * 0.72 + 255 * 0.28):02x}" for at in (1, 3, 5))
    assert contrast(INK, PAPER) >= 7
    assert contrast(quiet, PAPER) >= 4.5


@pytest.mark.parametrize("eye", MACHADO)
def test_series_are_told_apart_by_every_eye(eye: str) -> None:
    near = {(one, other): math.dist(lab(one, eye), lab(other, eye)) for one, other in combinations(SERIES, 2)}
    assert min(near.values()) >= 25, near
    assert math.dist(lab(SERIES[0], eye), lab(SERIES[1], eye)) >= 45


@pytest.mark.parametrize("count", [2, 3, 5, 7, 8, 12])
@pytest.mark.parametrize("eye", MACHADO)
def test_neighbours_of_a_stack_are_told_apart_by_every_eye(count: int, eye: str) -> None:
    colours = ramp(count)
    assert min(math.dist(lab(a, eye), lab(b, eye)) for a, b in pairwise(colours)) >= 60 / count


@pytest.mark.parametrize("count", [2, 3, 5, 7, 8, 12, 20])
def test_a_stack_only_gets_lighter(count: int) -> None:
    steps = [b - a for a, b in pairwise(lab(each)[0] for each in ramp(count))]
    assert min(steps) >= 50 / count


@pytest.mark.parametrize("colours", [VISITS, BANDS])
def test_parts_of_a_bar_and_bands_of_a_fan_differ_in_grey(colours: tuple[str, ...]) -> None:
    assert min(abs(lab(a)[0] - lab(b)[0]) for a, b in pairwise(colours)) >= 18


def test_what_left_is_unlike_the_backlog_below_it() -> None:
    assert abs(lab(OUT)[0] - lab(NOT_STARTED)[0]) >= 15


def test_every_series_has_a_second_sign() -> None:
    assert len(SERIES) == len(set(SERIES)) == len(set(SHAPES)) == len(set(DASHES))


def test_neighbours_have_other_textures_on_their_colours() -> None:
    fills = Textures("x", ramp(12))
    patterns = "".join(fills.definitions())
    assert all(a != b for a, b in pairwise([*TEXTURES, TEXTURES[0]]))
    for place, colour in enumerate(ramp(12)):
        shown = fills.fill(place)
        assert shown == colour or f'id="{shown[5:-1]}"' in patterns


def test_a_texture_is_light_on_dark() -> None:
    assert [is_dark(each) for each in ("#000000", "#440154", "#fde725", "#ffffff")] == [
        True,
        True,
        False,
        False,
    ]


def test_one_milestone_alone_has_a_colour() -> None:
    assert ramp(1) == ["#21908d"]
