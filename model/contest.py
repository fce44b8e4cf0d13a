"""The model against each rival, forecast by forecast: by how much it won, and whether by chance.

    walk, step ─contests()─▶ losses of both ─┬─ ratio()
                                             └─ chance(), and pooled_chance() over shares

Points (naive, drift) meet in absolute error, distributions (EWMA-t, GARCH-t) in pinball loss over
the levels from 5 to 95 %.  A step counts from 0, which is also how many sessions two neighbouring
forecasts of it share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from model.closes import Days, Prices
from model.metrics import absolute_errors, pinball_losses, ratio
from model.significance import by_day, diebold_mariano, relative
from model.walk import Walk

_OUTER = 0.04
"""Levels nearer to 0 or 1 stay out of the pinball loss: it is one of seven, 5 … 95 %."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Losses on the same forecasts, oldest first.

    Attributes:
        days: when they were made, shape (n,).
        model, rival: loss of each forecast, in the share's currency, shape (n,).
    """

    days: Days
    model: Prices
    rival: Prices

    def ratio(self) -> float | None:
        """Mean loss relative to the rival's; None where the rival never lost anything."""
        return ratio(float(self.model.mean()), float(self.rival.mean()))

    def chance(self, step: int) -> float | None:
        """How likely so large a difference is by chance; None where there is none."""
        return diebold_mariano(self.model - self.rival, lags=step)


def contests(walked: Walk, step: int) -> dict[str, Contest]:
    """By rival: naive, drift, ewma, and garch where it could be fitted."""
    actual = walked.actual[:, step]
    inner = (walked.levels > _OUTER) & (walked.levels < 1 - _OUTER)
    points = {"naive": walked.last, "drift": walked.drift[:, step]}
    bands = {"ewma": walked.ewma, "garch": walked.garch}

    def pinball(quantiles: Prices) -> Prices:
        return pinball_losses(actual, quantiles[:, step, inner], walked.levels[inner])

    error, loss = absolute_errors(actual, walked.at(0.5)[:, step]), pinball(walked.model)
    return {
        name: Contest(walked.origins, error, absolute_errors(actual, point))
        for name, point in points.items()
    } | {
        name: Contest(walked.origins, loss, pinball(band))
        for name, band in bands.items()
        if band is not None
    }


def pooled_chance(fought: Sequence[Contest], step: int) -> float | None:
    """The same over shares, whose differences are made relative and averaged by day first.

    Shares move together on the same day; counting them one by one would find significance in
    what is one event.
    """
    differences = [(one.days, relative(one.model, one.rival)) for one in fought]
    there = [(days, values) for days, values in differences if values is not None]
    return diebold_mariano(by_day([d for d, _ in there], [v for _, v in there]), lags=step)
