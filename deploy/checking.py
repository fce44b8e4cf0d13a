"""Whether the deployed model answers what the artifact answers on this machine.

    one window ──▶ endpoint ──▶ five bands ┐
         └───────▶ artifact ──▶ five bands ┴──▶ largest relative difference ≤ 1e-5

The five bands are what both serving containers give.  The window is drawn from a fixed seed and
has ranges, because TensorFlow's container wants all three inputs.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from deploy.refusals import ModelDisagrees
from model.artifact import load
from model.sample_windows import Inputs, sample_windows
from model.serving_instances import BANDS, LEVELS

TOLERANCE = 1e-5
"""As between the graphs of an artifact when it is published."""

_SEED = 20260723


def one_window() -> Inputs:
    """Closes, highs and lows, each (1, 60), oldest first."""
    # The second half of every sample is hostile; the first of two is a random walk.
    closes, highs, lows = sample_windows(2, np.random.default_rng(_SEED))
    return closes[:1], highs[:1], lows[:1]


def request(window: Inputs) -> bytes:
    """The endpoint's request for one window."""
    names = ("closes", "highs", "lows")
    instance = {name: part[0].tolist() for name, part in zip(names, window, strict=True)}
    return json.dumps({"instances": [instance]}).encode()


def expected(artifact: Path, window: Inputs) -> dict[str, list[float]]:
    """The bands that the artifact gives here, each six prices."""
    (quantiles,) = load(artifact).quantiles(*window)
    return {name: quantiles[:, LEVELS.index(level)].tolist() for name, level in BANDS.items()}


def compared(answer: bytes, wanted: dict[str, list[float]]) -> float:
    """Largest relative difference between the endpoint's bands and those wanted.

    Raises:
        ModelDisagrees: it is above the tolerance, or the answer is no forecast.
    """
    bands = _bands(answer)
    try:
        given = np.array([bands[name] for name in wanted], dtype=np.float64)
        apart = float(np.abs(given / np.array(list(wanted.values())) - 1).max())
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDisagrees(f"the endpoint's answer is no forecast: {error!r}") from error
    if not apart <= TOLERANCE:
        raise ModelDisagrees(
            f"the endpoint answers up to {apart:.1e} away from the artifact on this machine, "
            f"{TOLERANCE:.0e} is allowed; it runs on with this model"
        )
    return apart


def _bands(answer: bytes) -> Any:
    try:
        (bands,) = json.loads(answer)["predictions"]
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDisagrees(f"the endpoint's answer is no forecast: {answer[:80]!r}") from error
    return bands
