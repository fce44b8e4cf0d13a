"""An evaluation in pictures: do the bands hold, who wins at which step, what did it look like.

    calibration.png      how often closes fell below each quantile, beside how often they should
    error-by-step.png    loss of model and strongest rivals relative to naive and to EWMA-t
    forecast-TICKER.png  bands and closes of the last 120 sessions, nearest and farthest step

The shares drawn are the reference share and those whose 80 % band held least and most often, so
that nobody chooses flattering ones.  No window is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from model.closes import Prices
from model.evaluate import Report
from model.walk import Walk
from model.windows import STEPS

REFERENCE = "ITUB4.SA"
SESSIONS = 120
"""Newest forecasts that are drawn."""

_ENDS = (0, STEPS - 1)
_MODEL, _RIVAL, _INK = "#1f5fa8", "#c8641b", "#222222"
_PERFECT: dict[str, Any] = {"color": "#888888", "linewidth": 1.0, "zorder": 1.0}


@dataclass(frozen=True, slots=True)
class Line:
    """Ratios by step, under a name; None where a step has none."""

    name: str
    ratios: Sequence[float | None]
    color: str


def write_plots(folder: Path, walked: Sequence[Walk], report: Report) -> list[Path]:
    """Draw everything into `folder`, which need not exist; gives the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "calibration": calibration(walked),
        "error-by-step": error_by_step(report),
        **{f"forecast-{one.ticker}": forecasts(one) for one in chosen(walked, report)},
    }
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=120)
    return [folder / f"{name}.png" for name in figures]


def chosen(walked: Sequence[Walk], report: Report) -> list[Walk]:
    """The reference share, or the first, then those with the least and the most coverage."""
    of_ticker = {one.ticker: one for one in walked}
    held = {ticker: scores[0].coverage80 for ticker, scores in report.shares.items()}
    reference = REFERENCE if REFERENCE in of_ticker else walked[0].ticker
    tickers = (reference, min(held, key=held.__getitem__), max(held, key=held.__getitem__))
    return [of_ticker[ticker] for ticker in dict.fromkeys(tickers)]


def observed(walked: Sequence[Walk], step: int) -> Prices:
    """How often closes were at or below each quantile of a step, over all walks; (levels,).

    A close on its quantile counts one half: on a series that never moves, all quantiles are it.
    """
    rows = [np.sign(one.model[:, step] - one.actual[:, step, None]) / 2 + 1 / 2 for one in walked]
    held: Prices = np.concatenate(rows).mean(axis=0)
    return held


def calibration(walked: Sequence[Walk]) -> Figure:
    """Nominal against observed, and the difference, which is what the eye cannot see there."""
    figure = Figure(figsize=(10, 4.8), layout="constrained")
    curve, difference = figure.subplots(1, 2)
    curve.axline((0, 0), slope=1, **_PERFECT)
    difference.axhline(0, **_PERFECT)
    nominal = walked[0].levels
    for step, color in zip(_ENDS, (_MODEL, _RIVAL), strict=True):
        held = observed(walked, step)
        how = {"color": color, "marker": "o", "markersize": 4, "label": _ahead(step)}
        curve.plot(nominal, held, **how)
        difference.plot(nominal, 100 * (held - nominal), **how)
    percent = PercentFormatter(1, decimals=0)
    curve.set(xlabel="quantile", ylabel="closes below it", title="Calibration, all forecasts")
    curve.yaxis.set_major_formatter(percent)
    difference.set(xlabel="quantile", ylabel="percentage points", title="Observed - nominal")
    farthest = max(map(abs, difference.get_ylim()))
    difference.set_ylim(-max(farthest, 2.0), max(farthest, 2.0))
    for axes in (curve, difference):
        axes.xaxis.set_major_formatter(percent)
        axes.legend(frameon=False)
    return figure


def error_by_step(report: Report) -> Figure:
    """Pooled ratios: points on the left, distributions on the right; below 1 is better."""
    figure = Figure(figsize=(10, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    mae = [score.mae_over_naive for score in report.pooled]
    drift = [_quotient(score.mae_over_naive, score.mae_over_drift) for score in report.pooled]
    pinball = [score.pinball_over_ewma for score in report.pooled]
    garch = [
        _quotient(score.pinball_over_ewma, score.pinball_over_garch) for score in report.pooled
    ]
    _by_step(left, [Line("model", mae, _MODEL), Line("drift", drift, _RIVAL)])
    left.set(ylabel="MAE / naive", title="Where to: absolute error")
    _by_step(right, [Line("model", pinball, _MODEL), Line("GARCH-t", garch, _RIVAL)])
    right.set(ylabel="pinball loss / EWMA-t", title="How far: pinball loss")
    return figure


def forecasts(walked: Walk) -> Figure:
    """Bands and closes by the session that was forecast: nearest step above, farthest below."""
    figure = Figure(figsize=(10, 7.2), layout="constrained")
    days = (walked.first_days, walked.last_days)
    for step, sessions, axes in zip(_ENDS, days, figure.subplots(2, 1, sharex=True), strict=True):
        recent = slice(-SESSIONS, None)
        bands = {q: walked.at(q)[recent, step] for q in (0.025, 0.1, 0.5, 0.9, 0.975)}
        when = sessions[recent]
        axes.fill_between(when, bands[0.025], bands[0.975], color=_MODEL, alpha=0.15, label="95 %")
        axes.fill_between(when, bands[0.1], bands[0.9], color=_MODEL, alpha=0.3, label="80 %")
        axes.plot(when, bands[0.5], color=_MODEL, linewidth=1, label="median")
        axes.plot(when, walked.actual[recent, step], ".", color=_INK, markersize=4, label="close")
        axes.set(ylabel="price", title=f"{walked.ticker}, {_ahead(step)}")
        axes.legend(frameon=False, ncols=4, loc="best")
    return figure


def _by_step(axes: Axes, lines: Sequence[Line]) -> None:
    """One line per forecaster, and one where both would be equal."""
    axes.axhline(1, **_PERFECT)
    for line in lines:
        ratios = np.array(line.ratios, float)
        axes.plot(range(1, STEPS + 1), ratios, "o-", color=line.color, label=line.name)
    axes.set(xlabel="sessions ahead", xticks=range(1, STEPS + 1))
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.legend(frameon=False)


def _quotient(ours: float | None, ours_over_theirs: float | None) -> float | None:
    """Theirs relative to what ours is relative to, from two ratios of ours."""
    return None if ours is None or not ours_over_theirs else ours / ours_over_theirs


def _ahead(step: int) -> str:
    return "1 session ahead" if step == 0 else f"{step + 1} sessions ahead"
