"""How steep a cost is."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.bench.curves import Curve, draw
from tests.bench.rows import Row

SIZES = (10, 100, 1_000, 10_000)


def curve(power: float, factor: float = 2.0) -> Curve:
    """A cost that grows with a power of the size."""
    points = tuple((size, factor * size**power) for size in SIZES)
    return Curve("time", "ms", "rows", points)


@given(power=st.floats(-1, 3), factor=st.floats(1e-3, 1e3))
def test_a_power_is_recognised(power: float, factor: float) -> None:
    """Quadratic must not pass for linear, whatever the machine's speed is."""
    assert math.isclose(curve(power, factor).steepness, power, abs_tol=1e-9)


def test_what_is_fixed_does_not_count_at_the_upper_end() -> None:
    """A start of a second would make everything look better than linear, or hide what is not."""
    fixed = Curve("time", "s", "rows", tuple((size, 5 + size**2) for size in SIZES))

    assert fixed.steepness == pytest.approx(2, abs=0.001)


def test_the_rows_are_the_points_and_the_power() -> None:
    """The picture alone cannot be compared with the last run."""
    assert curve(1).rows()[-2:] == [
        Row("scale: time, 10,000 rows", 20_000, "ms"),
        Row(
            "scale: time: power of the number of rows at the upper end",
            pytest.approx(1),  # type: ignore[arg-type]
            "",
            1.15,
        ),
    ]


def test_a_picture_is_written(tmp_path: Path) -> None:
    """A curve that nobody sees convinces nobody."""
    draw(curve(1), tmp_path / "curve.png")

    with Image.open(tmp_path / "curve.png") as picture:
        assert picture.format == "PNG"
