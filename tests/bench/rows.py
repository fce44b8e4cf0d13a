"""One measured figure, beside the bar that it is held against."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH_FOR_QUARTILES = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report of `python -m tests.bench`.

    Attributes:
        name: what was measured, and over how many tries.
        measured: the figure.
        unit: its unit, as "ms" or "MB".
        bar: what it should not exceed, in the same unit; None when there is no such thing.
        least: what it should reach, in the same unit; None when there is no such thing.
        spread: how far apart repetitions within the run were, in the same unit; None when it was
            measured once.
    """

    name: str
    measured: float
    unit: str
    bar: float | None = None
    least: float | None = None
    spread: float | None = None

    def __str__(self) -> str:
        bar = f"   (bar {self.bars})" if self.bars else ""
        return f"{self.name:<44} {self.measured:>9.3f} {self.unit}{bar}"

    @property
    def bars(self) -> str:
        """Its bar in words; empty for none."""
        if self.least is not None:
            return f"≥ {self.least:g} {self.unit}".rstrip()
        return "" if self.bar is None else f"≤ {self.bar:g} {self.unit}".rstrip()

    @property
    def held(self) -> bool:
        """Whether it keeps to its bars; without any it does."""
        return (self.bar is None or self.measured <= self.bar) and (
            self.least is None or self.measured >= self.least
        )


def middle(
    name: str,
    values: Sequence[float],
    unit: str,
    bar: float | None = None,
    least: float | None = None,
) -> Row:
    """The median of repetitions, and the distance between their quartiles as its spread."""
    return Row(name, statistics.median(values), unit, bar, least, spread_of(values))


def spread_of(values: Sequence[float]) -> float:
    """The distance between the quartiles; of very few values, that between the outermost."""
    if len(values) < ENOUGH_FOR_QUARTILES:
        return max(values) - min(values)
    first, _, third = statistics.quantiles(values, n=4)
    return third - first
