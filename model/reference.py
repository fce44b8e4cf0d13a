"""The reference architecture: what the academic pipeline does, measured beside naive and ours.

    closes of ONE share ─MinMax fitted on the training part─▶ windows of 60
        ─▶ LSTM 50 – Dropout – LSTM 50 – Dropout – Dense 1 ─▶ the next close

The first 80 % of the windows are trained on, the others scored, as its notebook does; unlike
there, the scaler never sees what is scored.  Dropout of 0.2, Adam, squared error and batches of
32 are what such notebooks use when they do not say.  All errors are in the share's currency.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from sklearn.preprocessing import MinMaxScaler

from model import metrics
from model.artifact import Artifact
from model.closes import Prices, Share
from model.errors import TooFewCloses
from model.windows import WINDOW

_UNITS = 50
_DROPOUT = 0.2
_BATCH = 32
_TRAINED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Errors:
    """How far one forecaster was from the next close, in currency; `mape` is a fraction."""

    mae: float
    rmse: float
    mape: float


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Three forecasters on the same days.

    Attributes:
        ticker: of the share.
        first, last: ISO sessions of the first and the last close that was forecast.
        trained_windows, n: how many were trained on by the reference, and how many scored.
        reference, naive, ours: errors of the three.
    """

    ticker: str
    first: str
    last: str
    trained_windows: int
    n: int
    reference: Errors
    naive: Errors
    ours: Errors

    def as_content(self) -> dict[str, Any]:
        """Plain values for a file, with ratios of mean absolute errors beside them."""
        return asdict(self) | {
            "ours_over_reference": metrics.ratio(self.ours.mae, self.reference.mae),
            "ours_over_naive": metrics.ratio(self.ours.mae, self.naive.mae),
        }


def as_sentence(result: SideBySide) -> str:
    """The three mean absolute errors, for people."""
    errors = ", ".join(
        f"{name} {one.mae:.4f} ({one.mape:.3%})"
        for name, one in (
            ("reference LSTM", result.reference), ("naive", result.naive), ("ours", result.ours),
        )
    )  # fmt: skip
    ratio = metrics.ratio(result.ours.mae, result.reference.mae)
    against = "" if ratio is None else f"; ours / reference {ratio:.3f}"
    span = f"{result.n} days of {result.ticker}, {result.first} to {result.last}"
    return f"Mean absolute error on {span}: {errors}{against}."


def trained_windows(sessions: int) -> int:
    """How many of a series' windows are trained on; the rest is scored.

    Raises:
        TooFewCloses: fewer than two windows to train on, or none to score.
    """
    windows = sessions - WINDOW
    trained = int(_TRAINED_SHARE * windows)
    if trained < 2:  # noqa: PLR2004 - a single window has nothing to be learnt from
        raise TooFewCloses(f"{sessions} closes, at least {WINDOW + 3} expected")
    return trained


def side_by_side(
    share: Share, artifact: Artifact, seed: int, epochs: int, each_epoch: Callable[[], None]
) -> SideBySide:
    """Train the reference on the share's older closes, and score all three on the newer ones.

    Args:
        share: exactly the sessions of the comparison.
        artifact: ours; asked for its first step's median.
        seed: same seed, same reference.
        epochs: of the reference; its pipeline trains 50.
        each_epoch: called after every one.

    Raises:
        TooFewCloses: nothing to train on or to score.
    """
    trained = trained_windows(len(share.closes))
    closes, highs, lows = (
        sliding_window_view(prices[:-1], WINDOW)[trained:]
        for prices in (share.closes, share.highs, share.lows)
    )
    actual, days = share.closes[WINDOW + trained :], share.days[WINDOW + trained :]
    median = list(artifact.card["levels"]).index(0.5)
    reference = reference_forecasts(share.closes, trained, seed, epochs, each_epoch)
    ours = artifact.quantiles(closes, highs, lows)[:, 0, median].astype(float)
    scored = (_errors(actual, forecast) for forecast in (reference, closes[:, -1], ours))
    return SideBySide(
        share.ticker, str(days[0]), str(days[-1]), trained, len(actual), *scored
    )  # fmt: skip


def reference_forecasts(
    closes: Prices, trained: int, seed: int, epochs: int, each_epoch: Callable[[], None]
) -> Prices:
    """Train on the first `trained` windows; the close after each later window, as it forecasts it.

    Args:
        closes: one share, oldest first, shape (n,), n > trained + WINDOW.
        trained: windows to train on.
        seed: of weights, dropout and the order of batches.
        epochs: passes over them.
        each_epoch: called after every one.

    Returns:
        shape (n - WINDOW - trained,); entry i forecasts closes[WINDOW + trained + i] and depends
        on no close from there on.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    scaler = MinMaxScaler().fit(closes[: trained + WINDOW, None])
    scaled = scaler.transform(closes[:, None])[:, 0].astype(np.float32)
    past, following = sliding_window_view(scaled[:-1], WINDOW)[..., None], scaled[WINDOW:]
    network = _network()
    told = keras.callbacks.LambdaCallback(on_epoch_end=lambda _epoch, _logs: each_epoch())
    network.fit(
        past[:trained], following[:trained], _BATCH, epochs, verbose=0, callbacks=[told]
    )  # fmt: skip
    answers: NDArray[np.float32] = network.predict(past[trained:], verbose=0)
    forecasts: Prices = scaler.inverse_transform(answers)[:, 0].astype(float)
    return forecasts


def _network() -> keras.Model:
    network = keras.Sequential([
        keras.Input((WINDOW, 1)),
        keras.layers.LSTM(_UNITS, return_sequences=True),
        keras.layers.Dropout(_DROPOUT),
        keras.layers.LSTM(_UNITS),
        keras.layers.Dropout(_DROPOUT),
        keras.layers.Dense(1),
    ])  # fmt: skip
    network.compile("adam", loss="mean_squared_error")
    return network


def _errors(actual: Prices, forecast: Prices) -> Errors:
    return Errors(
        metrics.mean_absolute_error(actual, forecast),
        metrics.root_mean_squared_error(actual, forecast),
        metrics.mean_absolute_percentage_error(actual, forecast),
    )
