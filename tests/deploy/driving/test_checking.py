"""Whether the deployed model is the one of this machine."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deploy.checking import compared, expected, one_window, request
from deploy.commands import SHIPPED
from deploy.refusals import ModelDisagrees
from model.artifact import load
from model.serving_instances import read_windows, written

CARD = {"name": "n", "version": "1", "sha256": "0"}


def served(artifact: Path) -> bytes:
    """What our serving process answers to the request."""
    windows = read_windows(request(one_window()))
    quantiles = load(artifact).quantiles(windows.closes, windows.highs, windows.lows)
    return written(quantiles, CARD)


def changed(answer: bytes, factor: float) -> bytes:
    """The same answer with one price changed."""
    body: dict[str, Any] = json.loads(answer)
    body["predictions"][0]["high95"][5] *= factor
    return json.dumps(body).encode()


@pytest.mark.parametrize("fixture", ["tiny", "shipped"])
def test_the_same_artifact_agrees_with_itself(tiny: Path, fixture: str) -> None:
    """Through the JSON of the endpoint's contract, in which no digit may get lost."""
    artifact = tiny if fixture == "tiny" else SHIPPED

    assert compared(served(artifact), expected(artifact, one_window())) <= 1e-7


def test_the_window_looks_like_a_share() -> None:
    """A constant one would forecast itself with any model."""
    closes, highs, lows = (part[0] for part in one_window())

    assert closes.shape == (60,)
    assert np.unique(closes).size > 50
    assert (lows <= closes).all()
    assert (closes <= highs).all()


def test_a_price_that_is_a_little_off_is_a_disagreement(tiny: Path) -> None:
    """2e-5 is; half of 1e-5 is not."""
    wanted, answer = expected(tiny, one_window()), served(tiny)

    assert compared(changed(answer, 1 + 5e-6), wanted) == pytest.approx(5e-6, rel=0.1)
    with pytest.raises(ModelDisagrees, match=r"answers up to 2\.0e-05 away from the artifact"):
        compared(changed(answer, 1 + 2e-5), wanted)


@pytest.mark.parametrize(
    "answer",
    [
        b"body",
        b"{}",
        b"[]",
        b'{"predictions": []}',
        b'{"predictions": [{"median": [1, 2, 3, 4, 5, 6]}]}',
        b'{"predictions": [{"median": "no"}]}',
        b'{"predictions": [7]}',
    ],
)
def test_what_is_no_forecast_is_a_disagreement(tiny: Path, answer: bytes) -> None:
    """Whatever an endpoint may say, it never ends in a traceback."""
    with pytest.raises(ModelDisagrees, match="the endpoint's answer is no forecast"):
        compared(answer, expected(tiny, one_window()))


def test_not_a_number_never_agrees(tiny: Path) -> None:
    """NaN is not larger than any tolerance."""
    with pytest.raises(ModelDisagrees):
        compared(changed(served(tiny), float("nan")), expected(tiny, one_window()))
