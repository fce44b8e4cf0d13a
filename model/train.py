"""Trains one network for all shares, on closes up to a date and nothing after it.

    learnt ──epochs()──▶ weights of the newest epoch that did not validate worse
    validated ─calibrated()─▶ factors that make the bands hold as often as they say

Same closes, same seed, same machine: same network.  A quarter of the windows is learnt from with
closes alone, so that highs and lows may be missing later.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from model.calibration import fitted
from model.network import LEVELS, Calibration, forecaster, pinball, spread_of, trainable
from model.split import Array, Examples, Split, without_some_ranges

_BATCH = 512
_STRIDE = 3
"""An epoch shows every third window: neighbours have 59 of their 60 closes in common."""
_LEARNING_RATE = 2e-3
_NOISE = 0.01
"""An epoch is worse when it validates this much worse than the best; smaller differences say
more about the years of validation than about the epoch.  Taking the very best epoch of a flat
curve cost up to 1 % of the loss in the years that followed (docs/decisions/model.md)."""
_FARTHEST = 15.0
"""Moves are cut at this many spreads: one crash must not steer the whole network."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Losses after one epoch, in units of spread; the lower the better."""

    loss: float
    validation_loss: float


def deterministic(seed: int) -> None:
    """Make this process compute the same network from the same seed, every time."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def scaled_moves(network: keras.Model, given: Examples) -> Array:
    """Moves in units of their window's spread, (n, STEPS)."""
    spread = spread_of(network).predict(given.inputs, batch_size=4096, verbose=0)
    return np.asarray(np.clip(given.moves / spread, -_FARTHEST, _FARTHEST), np.float32)


def epochs(
    network: keras.Model, parts: Split, seed: int, count: int, patience: int = 3
) -> Iterator[Epoch]:
    """Train in place, one epoch per item; ends early when `patience` of them made it worse.

    When it has ended, the network has the weights of the newest epoch that was not worse than
    the best one: the rate has fallen furthest by then, and its weights are steadiest.
    """
    rng = np.random.default_rng(seed)
    learnt = without_some_ranges(parts.learnt, rng)
    moves, validated_moves = (scaled_moves(network, p) for p in (learnt, parts.validated))
    rows = min(len(learnt), max(_BATCH, len(learnt) // _STRIDE))
    learner = _compiled(network, count * -(-rows // _BATCH))
    best, weights, worse = np.inf, network.get_weights(), 0
    for _ in range(count):
        chosen = rng.permutation(len(learnt))[:rows]
        batch = [column[chosen] for column in learnt.inputs]
        fit = learner.fit(batch, moves[chosen], batch_size=_BATCH, verbose=0)
        loss = learner.evaluate(parts.validated.inputs, validated_moves, 4096, verbose=0)
        worse = worse + 1 if loss > best * (1 + _NOISE) else 0
        best, weights = min(best, loss), weights if worse else network.get_weights()
        yield Epoch(fit.history["loss"][-1], loss)
        if worse == patience:
            break
    network.set_weights(weights)


def calibrated(network: keras.Model, validated: Examples) -> Calibration:
    """Factors that make the bands hold as often as they say on the validation span."""
    offsets = trainable(network).predict(validated.inputs, batch_size=4096, verbose=0)
    moves = scaled_moves(network, validated)
    return fitted(moves.astype(float), offsets.astype(float), LEVELS)


def _compiled(network: keras.Model, batches: int) -> keras.Model:
    """The learner, its rate falling to zero over all batches that there may be."""
    learner = trainable(network)
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, batches)
    learner.compile(keras.optimizers.Adam(rate, clipnorm=1.0), loss=pinball)
    return learner


def new_network(seed: int) -> keras.Model:
    """An untrained network; the same weights for the same seed."""
    deterministic(seed)
    return forecaster()
