"""Walks over closes that the model has not seen: what it and its rivals would have said.

    every session of the span ─window of 60─▶ artifact ─▶ six prices ─────────┐
                             └─whole past───▶ drift, EWMA-t, GARCH-t ─▶ theirs ┴─▶ `Walk`

All six steps of a forecast lie inside the span, so every step is scored on the same forecasts.
Rivals start from the closes as the model sees them, rounded to float32.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact
from model.baselines import drift_forecasts, ewma_quantiles, ewma_volatility
from model.closes import Days, Prices, Share
from model.garch import garch_quantiles
from model.windows import STEPS, Windows, make_windows

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Walk:
    """One share's forecasts beside what happened, oldest first; n of them, all in its currency.

    Attributes:
        ticker: the share.
        levels: of the quantiles, ascending, shape (k,).
        origins: sessions of the last closes known, shape (n,).
        first_days, last_days: sessions of the nearest and of the farthest step, shape (n,).
        last: the last closes known, which is also naive's forecast, shape (n,).
        actual: what happened, shape (n, STEPS).
        drift: shape (n, STEPS).
        model, ewma: quantiles, shape (n, STEPS, k).
        garch: the same; None where too few closes before the span could be fitted.
    """

    ticker: str
    levels: Prices
    origins: Days
    first_days: Days
    last_days: Days
    last: Prices
    actual: Prices
    drift: Prices
    model: Prices
    ewma: Prices
    garch: Prices | None

    def at(self, level: float) -> Prices:
        """The model's forecasts of one level, shape (n, STEPS)."""
        column: Prices = self.model[:, :, int(np.abs(self.levels - level).argmin())]
        return column


def walk(artifact: Artifact, share: Share, first: date, last: date) -> Walk | None:
    """Every forecast whose six sessions lie from `first` to `last`; None when there is none."""
    windows = make_windows(share).between(first, last)
    if not len(windows):
        return None
    levels = np.array(artifact.card["levels"])
    close = windows.closes[:, -1].astype(np.float32).astype(float)
    volatility = ewma_volatility(share.closes)[windows.origins]
    garch = garch_quantiles(share, first, windows.origins, STEPS, levels)
    return Walk(
        ticker=share.ticker,
        levels=levels,
        origins=share.days[windows.origins],
        first_days=windows.first_days,
        last_days=windows.last_days,
        last=close,
        actual=windows.targets,
        drift=drift_forecasts(share.closes, close, windows.origins, STEPS),
        model=_forecasts(artifact, windows),
        ewma=ewma_quantiles(close, volatility, STEPS, levels),
        garch=None if garch is None else close[:, None, None] * garch,
    )


def _forecasts(artifact: Artifact, windows: Windows) -> NDArray[np.float64]:
    """Quantiles for every window, (n, STEPS, levels)."""
    starts = range(0, len(windows), _BATCH)
    cuts = [slice(start, start + _BATCH) for start in starts]
    prices = [
        artifact.quantiles(windows.closes[cut], windows.highs[cut], windows.lows[cut])
        for cut in cuts
    ]
    return np.concatenate(prices).astype(float)
