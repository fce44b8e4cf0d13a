"""The edge to SageMaker: boto3's own client, its wire stubbed by botocore."""

import asyncio
import io
import json
import math
import threading
from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from bot.domain.closes import Window
from bot.domain.forecast import Model, Step
from bot.edges.endpoint import SageMakerEndpoint
from bot.errors import ModelRefused
from tests.fakes_endpoint import window_ending_at

WINDOW = window_ending_at(36.0)
MODEL = {"name": "tiny", "version": "1", "sha256": "ab" * 32}
PREDICTION = {
    "median": [36.0, 36.1, 36.2, 36.3, 36.4, 36.5],
    "low80": [35.0] * 6,
    "high80": [37.0] * 6,
    "low95": [34.0] * 6,
    "high95": [38.0] * 6,
    "quantiles": {"0.05": [34.5] * 6},
}


def answer_with(stubber: Stubber, body: bytes, windows: list[Window] | None = None) -> None:
    """Answer the next invocation, checking what it sends when `windows` are given."""
    expected = (
        None
        if windows is None
        else {
            "EndpointName": "itub4-lstm",
            "ContentType": "application/json",
            "Body": json.dumps(
                {"instances": [instance(one) for one in windows]}, separators=(",", ":")
            ).encode(),
        }
    )
    answer = {"Body": StreamingBody(io.BytesIO(body), len(body)), "ContentType": "application/json"}
    stubber.add_response("invoke_endpoint", answer, expected)


def instance(window: Window) -> dict[str, list[float]]:
    """What the contract wants to be sent for a window with highs and lows."""
    bars = window.bars
    return {
        "closes": [bar.close for bar in bars],
        "highs": [bar.high for bar in bars],
        "lows": [bar.low for bar in bars],
    }


def predictions(*given: Any) -> bytes:
    """An answer of the container."""
    return json.dumps({"predictions": given, "model": MODEL}).encode()


async def test_an_endpoint_that_does_not_name_its_model_stands_for_it(
    endpoint: SageMakerEndpoint, stubber: Stubber
) -> None:
    """TensorFlow Serving answers with predictions alone."""
    answer_with(stubber, json.dumps({"predictions": [PREDICTION]}).encode())
    (steps,) = await endpoint.steps([WINDOW])

    assert (steps.model.title, steps.model.sha256) == ("itub4-lstm", "")


async def test_six_steps_are_read_with_the_model_that_gave_them(
    endpoint: SageMakerEndpoint, stubber: Stubber
) -> None:
    """Nearest first, each with its two bands; further fields of the answer are not read."""
    answer_with(stubber, predictions(PREDICTION), [WINDOW])
    [steps] = await endpoint.steps([WINDOW])

    assert steps.steps == tuple(
        Step(median, 35.0, 37.0, 34.0, 38.0) for median in (36.0, 36.1, 36.2, 36.3, 36.4, 36.5)
    )
    assert steps.model == Model("tiny", "1", "ab" * 32)


async def test_all_windows_of_a_question_go_out_in_one_invocation(
    endpoint: SageMakerEndpoint, stubber: Stubber
) -> None:
    """The daily message asks for many shares; a call for each would be slow and dear."""
    windows = [WINDOW, window_ending_at(20.0)]
    other = PREDICTION | {"median": [36.5] * 6}
    answer_with(stubber, predictions(PREDICTION, other), windows)
    answers = await endpoint.steps(windows)

    assert [one.steps[0].median for one in answers] == [36.0, 36.5]


async def test_more_than_a_thousand_windows_are_asked_in_parts(
    endpoint: SageMakerEndpoint, stubber: Stubber
) -> None:
    """The endpoint refuses more; the order spans the parts."""
    answer_with(stubber, predictions(*[PREDICTION] * 1000), [WINDOW] * 1000)
    answer_with(stubber, predictions(PREDICTION | {"median": [36.5] * 6}), [WINDOW])
    answers = await endpoint.steps([WINDOW] * 1001)

    assert [one.steps[0].median for one in answers] == [36.0] * 1000 + [36.5]


async def test_no_windows_are_no_invocation(endpoint: SageMakerEndpoint, stubber: Stubber) -> None:
    """The endpoint refuses an empty list; there is nothing to ask."""
    assert await endpoint.steps([]) == []
    stubber.assert_no_pending_responses()


def with_newest(**prices: Any) -> Window:
    """The window with other prices in its newest bar."""
    *bars, newest = WINDOW.bars
    return replace(WINDOW, bars=(*bars, replace(newest, **prices)))


@pytest.mark.parametrize(
    "window",
    [
        window_ending_at(36.0, ranges=False),
        with_newest(high=math.nan),
        with_newest(low=math.nan),
        with_newest(low=0.0),
        with_newest(high=math.inf),
        with_newest(high=30.0, low=31.0),
    ],
    ids=["none", "no high", "no low", "low of zero", "infinite", "low above high"],
)
async def test_highs_and_lows_are_sent_only_when_all_are_prices(
    endpoint: SageMakerEndpoint, stubber: Stubber, window: Window
) -> None:
    """Yahoo's last low is sometimes zero; the closes can still be forecast from."""
    body = json.dumps(
        {"instances": [{"closes": instance(window)["closes"]}]}, separators=(",", ":")
    )
    expected = {
        "EndpointName": "itub4-lstm",
        "ContentType": "application/json",
        "Body": body.encode(),
    }
    answer = predictions(PREDICTION)
    stubber.add_response(
        "invoke_endpoint", {"Body": StreamingBody(io.BytesIO(answer), len(answer))}, expected
    )

    assert len(await endpoint.steps([window])) == 1


async def test_the_event_loop_runs_on_while_the_endpoint_is_silent() -> None:
    """Nobody else may wait for somebody's forecast."""
    answered = threading.Event()

    class Waiting:
        def invoke_endpoint(self, **_: object) -> dict[str, io.BytesIO]:
            assert answered.wait(timeout=10)
            return {"Body": io.BytesIO(predictions(PREDICTION))}

    asking = asyncio.create_task(SageMakerEndpoint(cast("Any", Waiting()), "x").steps([WINDOW]))
    await asyncio.sleep(0)
    answered.set()

    assert len(await asking) == 1


def without(key: str) -> dict[str, Any]:
    """The prediction with one of its fields missing."""
    return {name: value for name, value in PREDICTION.items() if name != key}


FLOAT = "Input should be a valid number"
SHORT = "List should have at least 6 items after validation, not 5"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (predictions(), "0 predictions for 1 windows"),
        (predictions(PREDICTION, PREDICTION), "2 predictions for 1 windows"),
        (predictions(without("low95")), "predictions.0.low95: Field required"),
        (
            predictions(PREDICTION | {"median": [36.0] * 5}),
            f"predictions.0.median: {SHORT}",
        ),
        (
            predictions(PREDICTION | {"median": [36.0] * 5 + [None]}),
            f"predictions.0.median.5: {FLOAT}",
        ),
        (
            predictions(PREDICTION | {"median": [36.0] * 5 + [True]}),
            f"predictions.0.median.5: {FLOAT}",
        ),
        (
            predictions(PREDICTION | {"median": ["36.0"] * 6}),
            f"predictions.0.median.0: {FLOAT}",
        ),
        (
            predictions(PREDICTION | {"low95": [34.0, math.inf] + [34.0] * 4}),
            "predictions.0.low95.1: Input should be a finite number",
        ),
        (
            predictions(PREDICTION | {"low95": [math.nan] * 6}),
            "predictions.0.low95.0: Input should be a finite number",
        ),
        (
            predictions(PREDICTION | {"low95": [0.0] * 6}),
            "predictions.0.low95.0: Input should be greater than 0",
        ),
        (b'{"predictions": [], "model": {"name": "x"}}', "model.version: Field required"),
        (b'{"erro": "o modelo falhou"}', "predictions: Field required"),
        (b"[]", "body: Input should be an object"),
    ],
)
async def test_an_answer_that_is_no_forecast_is_refused(
    endpoint: SageMakerEndpoint, stubber: Stubber, body: bytes, reason: str
) -> None:
    """Whatever comes with a status of 200, nobody is shown a price that is none."""
    answer_with(stubber, body)
    with pytest.raises(ModelRefused) as raised:
        await endpoint.steps([WINDOW])

    assert (raised.value.status, raised.value.reason) == (200, reason)


async def test_an_answer_that_is_no_json_is_refused(
    endpoint: SageMakerEndpoint, stubber: Stubber
) -> None:
    """As when a proxy on the way answers with a page of its own."""
    answer_with(stubber, b"<html>")
    with pytest.raises(ModelRefused, match="body: Invalid JSON"):
        await endpoint.steps([WINDOW])


@pytest.mark.parametrize(
    ("lower", "upper"),
    [("low95", "low80"), ("low80", "median"), ("median", "high80"), ("high80", "high95")],
)
async def test_steps_out_of_order_are_refused(
    endpoint: SageMakerEndpoint, stubber: Stubber, lower: str, upper: str
) -> None:
    """A band that does not hold its own median is no band."""
    swapped = PREDICTION | {lower: PREDICTION[upper], upper: PREDICTION[lower]}
    answer_with(stubber, predictions(swapped))

    with pytest.raises(ModelRefused, match="out of order"):
        await endpoint.steps([WINDOW])
