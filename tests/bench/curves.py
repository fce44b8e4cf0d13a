"""How a cost grows with a size: points, their steepness, and a picture of them."""

import math
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from tests.bench.rows import Row

LINEAR = 1.15
"""Steepness up to which a cost counts as linear: measurements of one size differ by more."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A cost over a size.

    Attributes:
        cost: what is measured, as "time to fill a slot".
        unit: of the cost, as "s".
        size: what grows, as "subscribers".
        points: (size, cost), smallest size first.
    """

    cost: str
    unit: str
    size: str
    points: tuple[tuple[float, float], ...]

    @property
    def steepness(self) -> float:
        """The power of the size with which the cost grows at its upper end; 1 is linear.

        From the point a factor of ten or so below the largest, so that fixed costs count little.
        """
        (last_size, last_cost), *smaller = reversed(self.points)
        size, cost = next((p for p in smaller if p[0] <= last_size / 10), smaller[-1])
        return math.log(last_cost / cost) / math.log(last_size / size)

    def rows(self) -> list[Row]:
        """Its points, and how steep it ends."""
        told = [
            Row(f"scale: {self.cost}, {size:,.0f} {self.size}", cost, self.unit)
            for size, cost in self.points
        ]
        name = f"scale: {self.cost}: power of the number of {self.size} at the upper end"
        return [*told, Row(name, self.steepness, "", LINEAR)]


def draw(curve: Curve, path: Path) -> None:
    """Write a picture of the curve, beside a line through its last point that would be linear."""
    figure = Figure(figsize=(5, 3.4), layout="constrained")
    axes = figure.subplots()
    sizes, costs = zip(*curve.points, strict=True)
    axes.loglog(sizes, costs, marker="o", color="#1f5fa8", label="measured")
    linear = [costs[-1] * size / sizes[-1] for size in sizes]
    axes.loglog(sizes, linear, linestyle="--", color="#999999", label="linear")
    axes.set_xlabel(curve.size)
    axes.set_ylabel(f"{curve.cost} ({curve.unit})")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
