"""Values of metrics, as they are read."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.alarms import Series
from bot.wording.alarms.figures import figure, figures, unit_of


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [
        (93.1, "Percent", "93,1 %"),
        (0.0, "Percent", "0 %"),
        (-0.0, None, "0"),
        (45628.0, None, "45.628"),
        (45628.4, "Count", "45.628"),
        (0.020599444741798756, None, "0,0206"),
        (-3.25, "Count", "−3,25"),
        (9.99996, None, "10"),
        (5_250_000, "Microseconds", "5,25 s"),
        (850, "Milliseconds", "850 ms"),
        (0.0000125, "Seconds", "12,5 µs"),
        (0.0000002, "Seconds", "0,2 µs"),
        (0, "Microseconds", "0 s"),
        (300, "Seconds", "300 s"),
        (999, "Bytes", "999 B"),
        (2024818.75, "Bytes", "2,025 MB"),
        (1.5, "Kilobytes", "1,5 kB"),
        (1500, "Megabytes", "1,5 GB"),
        (3e12, "bytes", "3 TB"),
        (12e6, "Bits/Second", "12 Mbit/s"),
        (12.5, "Count/Second", "12,5/s"),
        (1.5, "Furlongs", "1,5"),
        (1.2e15, "Bytes", "1.200 TB"),
        (1e300, "Bytes", "1,000e+288 TB"),
        (1e300, "Percent", "1,000e+300 %"),
        (1e308, "Kilobytes", "1,000e+308"),
        (1e-9, None, "1,000e−09"),
        (-1e300, None, "−1,000e+300"),
    ],
)
def test_a_value_is_short_and_in_a_unit_that_people_use(
    value: float, unit: str | None, read: str
) -> None:
    """Nobody divides five million microseconds at night."""
    assert figure(value, unit) == read


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ((80.0, 80.0), ["80 %", "80 %"]),
        ((80.001, 80.0), ["80,001 %", "80 %"]),
        ((99.98996, 99.99), ["99,98996 %", "99,99 %"]),
        ((1.0, 1.0000000000000002), ["1 %", "1 %"]),
        ((), []),
    ],
)
def test_different_values_read_differently(values: tuple[float, ...], read: list[str]) -> None:
    """A value and the limit that it broke must not look the same; beyond 15 digits they may."""
    assert figures(values, "Percent") == read


@pytest.mark.parametrize(
    ("series", "unit"),
    [
        (Series("AWS/EC2", "CPUUtilization"), "Percent"),
        (Series("/aws/sagemaker/Endpoints", "MemoryUtilization"), "Percent"),
        (Series("Fechamento", "CPUUtilization"), None),
        (Series(None, "CPUUtilization"), None),
        (Series("AWS/EC2", "CPUUtilization", unit="None"), "Percent"),
        (Series("AWS/EC2", "CPUUtilization", statistic="SampleCount", unit="Percent"), None),
        (Series("AWS/S3", "BucketSizeBytes"), "Bytes"),
        (Series("AWS/SageMaker", "ModelLatency"), "Microseconds"),
        (Series("AWS/SageMaker", "Invocations"), None),
        (Series("Fechamento", "Espera", unit="Seconds"), "Seconds"),
    ],
)
def test_a_unit_is_told_or_known_of_aws_s_own_metrics_and_never_guessed(
    series: Series, unit: str | None
) -> None:
    """Alarms seldom repeat the unit; a wrong one is worse than none."""
    assert unit_of(series) == unit


@given(st.floats(1e-6, 1e14), st.sampled_from([None, "Percent", "Count"]))
def test_a_figure_is_right_to_four_digits(value: float, unit: str | None) -> None:
    """What is read is what was measured."""
    digits = figure(value, unit).removesuffix(" %").replace(".", "").replace(",", ".")

    assert float(digits) == pytest.approx(value, rel=5.1e-4)


@given(st.lists(st.floats(1e-3, 1e9), min_size=2, max_size=2).map(sorted))
def test_greater_sizes_never_read_as_smaller_ones(sizes: list[float]) -> None:
    """The unit changes on the way up, the order does not."""
    scale = {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
    read = [re.fullmatch(r"([0-9.,]+) (\w+)", figure(size, "Bytes")) for size in sizes]
    assume(all(read))
    amounts = [
        float(found[1].replace(".", "").replace(",", ".")) * scale[found[2]]
        for found in read
        if found
    ]

    assert all(less <= more for less, more in pairwise(amounts))
