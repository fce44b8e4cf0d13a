"""One measured figure, beside the bar that it is held against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report of `python -m tests.bench`.

    Attributes:
        name: what was measured, and over how many tries.
        measured: the figure.
        unit: its unit, as "ms" or "MB".
        bar: what it should not exceed, in the same unit; None when it is told for its own sake.
    """

    name: str
    measured: float
    unit: str
    bar: float | None = None

    def __str__(self) -> str:
        bar = "" if self.bar is None else f"   (bar {self.bar:g} {self.unit})"
        return f"{self.name:<44} {self.measured:>9.3f} {self.unit}{bar}"
