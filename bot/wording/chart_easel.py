"""A figure of matplotlib that takes pixels: lines, areas, marks and letters, nothing of axes.

Pixels count from the lower left corner; what is painted later covers what was painted before.  The
letters are the DejaVu Sans that comes with matplotlib, taken by file: no machine's own fonts are
looked for.  A dollar sign is a dollar sign, never the beginning of a formula.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib import get_data_path
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from PIL import Image

DPI = 100
POINTS = 72 / DPI
"""Points, which matplotlib measures letters and lines in, that make a pixel."""

PALETTE = 128
"""Colours of the file: a dozen are painted, the rest are the soft edges between them."""

Point = tuple[float, float]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Pen:
    """How something is written: colour, size of the letters in pixels, weight."""

    colour: str
    size: float
    bold: bool = False


class Easel:
    """A sheet of paper to paint on, from the back to the front."""

    def __init__(self, width: int, height: int, paper: str) -> None:
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=paper)
        # The canvas has no types.
        self._canvas: Any = FigureCanvasAgg(self._figure)

    def line(self, points: Sequence[Point], colour: str, width: float, dashed: float = 0) -> None:
        """A line through `points`; `dashed` is the length of its dashes in pixels, 0 for none."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=colour, linewidth=width * POINTS, solid_joinstyle="round")
        if dashed:
            # Matplotlib counts dashes in widths of the line.
            line.set_linestyle((0, (dashed / width, 0.8 * dashed / width)))
        self._hang(line)

    def area(self, corners: Sequence[Point], colour: str) -> None:
        """A filled area without border."""
        self._hang(Polygon(corners, closed=True, facecolor=colour, edgecolor="none"))

    def mark(self, at: Point, shape: str, fill: str, rim: str, size: float) -> None:
        """A marker of matplotlib's alphabet: `o`, `s`, `D`; `size` is its width in pixels."""
        mark = Line2D([at[0]], [at[1]], marker=shape, markersize=size * POINTS)
        mark.set(markerfacecolor=fill, markeredgecolor=rim, markeredgewidth=4 * POINTS)
        self._hang(mark)

    def write(self, at: Point, text: str, pen: Pen, align: Align = "left") -> float:
        """One line of text; `at` is the start, middle or end of its base line.

        Returns:
            x where the text ends.
        """
        written = self._text(at, text, pen)
        written.set_horizontalalignment(align)
        return float(written.get_window_extent(self._canvas.get_renderer()).x1)

    def write_across(self, middle: Point, text: str, pen: Pen, degrees: float) -> None:
        """One line of text turned around its middle."""
        written = self._text(middle, text, pen)
        written.set(ha="center", va="center", rotation=degrees)

    def png(self) -> bytes:
        """The painted sheet as a file, the same bytes for the same sheet."""
        self._canvas.draw()
        painted = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        file = BytesIO()
        # With a palette the file is three times smaller, and written sooner.
        painted.quantize(PALETTE, Image.Quantize.FASTOCTREE).save(file, "PNG")
        return file.getvalue()

    def _text(self, at: Point, text: str, pen: Pen) -> Text:
        written = Text(*at, text, color=pen.colour, parse_math=False)
        written.set_fontproperties(_letters(pen))
        self._hang(written)
        return written

    def _hang(self, artist: Artist) -> None:
        # One level for all: matplotlib then keeps the order in which they came.
        artist.set_zorder(1)
        artist.set_transform(IdentityTransform())
        self._figure.add_artist(artist)


def _letters(pen: Pen) -> FontProperties:
    name = "DejaVuSans-Bold.ttf" if pen.bold else "DejaVuSans.ttf"
    file = Path(get_data_path()) / "fonts" / "ttf" / name
    return FontProperties(fname=file, size=pen.size * POINTS)
