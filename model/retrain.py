"""One forecaster, trained until a day: what a backtest asks for again and again."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.closes import Share
from model.head_to_head import Forecaster
from model.network import LEVELS, forecaster
from model.split import split
from model.train import calibrated, epochs, new_network
from model.windows import Windows


def trained(
    shares: Sequence[Share], until: date, seed: int, count: int, each_epoch: Callable[[], None]
) -> Forecaster:
    """Train and calibrate a network exactly as `python -m model train` does.

    Args:
        shares: whole histories; closes after `until` are not looked at.
        until: the last day that training may see.
        seed: same seed, same forecaster.
        count: at most so many epochs.
        each_epoch: called after every one.

    Raises:
        TooFewCloses: nothing to learn from, or to validate on.
    """
    parts = split(shares, until)
    learner = new_network(seed)
    for _ in epochs(learner, parts, seed, count):
        each_epoch()
    network = forecaster(calibrated(learner, parts.validated))
    network.set_weights(learner.get_weights())

    def prices(windows: Windows) -> NDArray[np.float64]:
        inputs = [p.astype(np.float32) for p in (windows.closes, windows.highs, windows.lows)]
        answers: NDArray[np.float32] = network.predict(inputs, batch_size=4096, verbose=0)
        return answers.astype(float)

    return Forecaster(LEVELS, prices)
