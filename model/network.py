"""The network: sixty raw closes in, quantiles of the six coming closes out.

    closes, highs, lows ─▶ log moves and ranges ─▶ ÷ spread ─▶ LSTM ─▶ widths of the band
    last close × exp(spread × widths) ◀───────────────────────────────┘

It forecasts how far the close may move, not where to: the median is the last close, which nothing
tried here beats.  Everything is measured in the window's own spread, so that one set of weights
serves every share and currency; scaling and unscaling are part of the graph.  Quantiles cannot
cross, because each is a sum of positive widths.  Tensors are float32, rows are windows.
"""

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model.baselines import unit_student_t4
from model.windows import STEPS, WINDOW

LEVELS = (0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975)
"""Quantile levels, ascending, the median in the middle."""

UNITS = 24
"""Of the LSTM; 8 to 50 were tried and differ by less than two seeds do."""

SIDE = len(LEVELS) // 2
"""Quantiles below the median, and above it."""

Calibration = NDArray[np.float32]
"""What each width is multiplied by, shape (STEPS, 2 × SIDE), lowest level first."""

UNCALIBRATED: Calibration = np.ones((STEPS, 2 * SIDE), np.float32)

_MOVES = WINDOW - 1
_RANGE_PER_MOVE = 2.0
"""Mean true range over mean absolute move; 1.96 over the B3 shares known until 2023-06-30."""
_RANGE_PER_DEVIATION = 1.4
"""Mean true range over the standard deviation of the next move, on the same closes."""
_FLOOR = 1e-4
"""A tenth of the price tick of a 10-real share: keeps the spread of a constant series above 0."""
_OUTLIER = 8.0
"""A move this many times the mean absolute move is cut: one bad price must not hide the rest."""
_RANGE_DECAYS, _MOVE_DECAYS = (0.80, 0.94, 1.0), (0.94, 1.0)
_SPREAD_WEIGHTS = np.array([1 / 6, 1 / 6, 1 / 6, 1 / 4, 1 / 4], np.float32)
"""Half of the spread's logarithm comes from ranges, half from moves."""
_USUAL_SPREAD, _WILDEST = 0.02, 0.4
"""Spreads revert towards that of a usual share, 2 % a session; a share half as wild again counts
like wilder ones, or the few that stay wild for years would get bands too narrow for them."""
_LARGEST_CORRECTION = 1.5
"""The network may widen or narrow a band by e^1.5 = 4.5 times, whatever it is shown."""
_SHAPE_GAIN = 0.3
"""Holds the shape of the band back: it is harder to learn than its width."""


def forecaster(calibration: Calibration = UNCALIBRATED) -> keras.Model:
    """The whole graph: closes, highs, lows, each (n, WINDOW), to prices (n, STEPS, levels).

    Highs and lows that are NaN count as not given, session by session.  Weights are random until
    they are trained or loaded; they fit any calibration.
    """
    closes, highs, lows = inputs = [
        keras.Input((WINDOW,), name=name) for name in ("closes", "highs", "lows")
    ]
    sequence, deviations, spread = _measured(closes, highs, lows)
    offsets = _offsets(sequence, deviations, calibration)
    prices = closes[:, -1:, None] * ops.exp(spread[:, :, None] * offsets)
    return keras.Model(inputs, keras.layers.Identity(name="quantiles")(prices))


def trainable(network: keras.Model) -> keras.Model:
    """The same layers, giving what they are trained on: (n, STEPS, levels) in units of spread."""
    return keras.Model(network.inputs, network.get_layer("offsets").output)


def spread_of(network: keras.Model) -> keras.Model:
    """The same graph, giving the spread of each window alone, (n, 1): that of one log move."""
    return keras.Model(network.inputs, network.get_layer("spread").output)


def pinball(actual: keras.KerasTensor, offsets: keras.KerasTensor) -> keras.KerasTensor:
    """Mean quantile loss, each step in units of its own horizon so that all six count alike.

    Args:
        actual: log moves from the last close, in units of spread, (n, STEPS).
        offsets: their quantiles, (n, STEPS, levels).
    """
    levels = np.array(LEVELS, np.float32)
    above = (actual[:, :, None] - offsets) / _horizons()[:, None]
    return ops.mean(ops.maximum(levels * above, (levels - 1) * above))


def _measured(
    closes: keras.KerasTensor, highs: keras.KerasTensor, lows: keras.KerasTensor
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """What the LSTM sees (n, 59, 10), what spreads revert by (n, 6), and the spread (n, 1)."""
    before, after = closes[:, :-1], closes[:, 1:]
    moves = _without_outliers(ops.log(after / before))
    sizes = ops.abs(moves)
    given, highs, lows = _given(highs[:, 1:], lows[:, 1:], after)
    # A session without a high and a low gets the range that sessions around it would suggest.
    usual = _RANGE_PER_MOVE * (sizes @ _running_mean(_RANGE_DECAYS[1]))
    true = ops.log(ops.maximum(highs, before) / ops.minimum(lows, before))
    true = _without_outliers(ops.where(given, true, usual))
    inner = _without_outliers(ops.where(given, ops.log(highs / lows), usual))
    means = ops.concatenate(
        [true @ _means(_RANGE_DECAYS), _RANGE_PER_MOVE * (sizes @ _means(_MOVE_DECAYS))], axis=1
    )
    logs = ops.log(means + _FLOOR)
    level = ops.reshape(logs @ _SPREAD_WEIGHTS, (-1, 1))
    deviations = ops.clip(logs - level, -3.0, 3.0)
    spread = keras.layers.Identity(name="spread")(ops.exp(level) / _RANGE_PER_DEVIATION)
    wildness = ops.clip(ops.log(spread / _USUAL_SPREAD), -_WILDEST, _WILDEST)
    scaled = [ops.clip(moves / spread, -6.0, 6.0)]
    scaled += [ops.log(size / spread + 0.1) for size in (sizes, inner, true)]
    channels = ops.stack([*scaled, ops.cast(given, "float32")], axis=-1)
    repeated = keras.layers.RepeatVector(_MOVES)(deviations)
    sequence = ops.concatenate([channels, repeated], axis=-1)
    return sequence, ops.concatenate([deviations, wildness], axis=1), spread


def _offsets(
    sequence: keras.KerasTensor, deviations: keras.KerasTensor, calibration: Calibration
) -> keras.KerasTensor:
    """Quantiles of the log moves in units of spread, (n, STEPS, levels); the median is zero."""
    small = keras.initializers.RandomNormal(stddev=0.02)
    state = keras.layers.LSTM(UNITS, name="memory")(sequence)
    width = keras.layers.Dense(STEPS, kernel_initializer=small, name="width")(state)
    mean_reversion = keras.layers.Dense(
        STEPS, kernel_initializer="zeros", use_bias=False, name="mean_reversion"
    )(deviations)
    shape = keras.layers.Dense(STEPS * 2 * SIDE, kernel_initializer=small, name="shape")
    bent = ops.reshape(_SHAPE_GAIN * shape(state), (-1, STEPS, 2 * SIDE))
    correction = _LARGEST_CORRECTION * ops.tanh((width + mean_reversion) / _LARGEST_CORRECTION)
    widths = ops.softplus(bent + _untrained_widths()) * ops.exp(correction)[:, :, None]
    widths = widths * (_horizons()[:, None] * calibration)
    return keras.layers.Identity(name="offsets")(widths @ _outward_sums())


def _without_outliers(sizes: keras.KerasTensor) -> keras.KerasTensor:
    limit = _OUTLIER * ops.mean(ops.abs(sizes), axis=1, keepdims=True)
    return ops.maximum(ops.minimum(sizes, limit), -limit)


def _given(
    highs: keras.KerasTensor, lows: keras.KerasTensor, closes: keras.KerasTensor
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Which sessions have a usable range, and highs and lows that are numbers everywhere."""
    given = ops.logical_and(lows > 0.0, highs >= lows)  # never true of NaN
    highs, lows = ops.where(given, highs, closes), ops.where(given, lows, closes)
    return given, ops.maximum(highs, closes), ops.minimum(lows, closes)


def _horizons() -> NDArray[np.float32]:
    """How much wider than one session each step is while moves are independent, (STEPS,)."""
    return np.sqrt(np.arange(1, STEPS + 1)).astype(np.float32)


def _untrained_widths() -> NDArray[np.float32]:
    """What softplus turns into the widths of a Student t of unit variance, (2 × SIDE,)."""
    widths = np.diff(unit_student_t4(np.array(LEVELS)))
    return np.log(np.expm1(widths)).astype(np.float32)


def _outward_sums() -> NDArray[np.float32]:
    """Adds widths up from the median outwards, (2 × SIDE, levels): minus below, plus above."""
    below = -np.tril(np.ones((SIDE, SIDE), np.float32))
    sums = np.zeros((2 * SIDE, 2 * SIDE + 1), np.float32)
    sums[:SIDE, :SIDE], sums[SIDE:, SIDE + 1 :] = below, -below.T
    return sums


def _means(decays: tuple[float, ...]) -> NDArray[np.float32]:
    """Weights of exponentially weighted means over the whole window, (59, decays)."""
    weights = np.power.outer(np.array(decays), np.arange(_MOVES)[::-1]).T
    return np.asarray(weights / weights.sum(axis=0), np.float32)


def _running_mean(decay: float) -> NDArray[np.float32]:
    """Weights of the same mean as it stood at each session, (59, 59), later ones zero."""
    age = np.arange(_MOVES)[None, :] - np.arange(_MOVES)[:, None]
    weights = np.where(age >= 0, decay ** age.clip(0), 0.0)
    return np.asarray(weights / weights.sum(axis=0), np.float32)
