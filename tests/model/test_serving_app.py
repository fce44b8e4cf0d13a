"""The container's HTTP interface, asked in this process as SageMaker asks it."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import numpy as np
import pytest

from model.serving_app import MOST_BYTES, ServingApp
from model.serving_instances import Prices
from tests.artifacts import LEVELS, tiny_quantiles

MODEL = {"name": "tiny", "version": "1", "sha256": "ab" * 32}
CLOSES = [30 + day / 10 for day in range(60)]
HIGHS = [close + 0.5 for close in CLOSES]
LOWS = [close - 0.5 for close in CLOSES]
JSON = {"content-type": "application/json"}


def client_of(app: ServingApp) -> httpx.AsyncClient:
    """A client of `app` in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://container")


@pytest.fixture
async def container() -> AsyncIterator[httpx.AsyncClient]:
    """The container with the tiny model."""
    async with client_of(ServingApp(tiny_quantiles, MODEL)) as client:
        yield client


async def refusal(container: httpx.AsyncClient, request: Any) -> tuple[int, str]:
    """Status and sentence that `request` is refused with."""
    answer = await container.post("/invocations", json=request)
    return answer.status_code, answer.json()["error"]


async def test_a_window_of_closes_gets_six_steps_with_bands_and_quantiles(
    container: httpx.AsyncClient,
) -> None:
    """This is the contract that the bot and every other caller reads."""
    answer = await container.post("/invocations", json={"instances": [{"closes": CLOSES}]})
    nan = np.full((1, 60), np.nan, np.float32)
    expected = tiny_quantiles(np.array([CLOSES], np.float32), nan, nan)[0].T
    by_level = dict(zip(LEVELS, expected.astype(float).tolist(), strict=True))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert as_float32(answer.json()) == {
        "predictions": [
            {
                "median": by_level[0.5],
                "low80": by_level[0.1],
                "high80": by_level[0.9],
                "low95": by_level[0.025],
                "high95": by_level[0.975],
                "quantiles": {
                    "0.05": by_level[0.05],
                    "0.1": by_level[0.1],
                    "0.25": by_level[0.25],
                    "0.75": by_level[0.75],
                    "0.9": by_level[0.9],
                    "0.95": by_level[0.95],
                },
            }
        ],
        "model": MODEL,
    }


def as_float32(answer: Any) -> Any:
    """The answer with every number as float32 holds it: 36.12 stands for 36.11999…."""
    if isinstance(answer, dict):
        return {key: as_float32(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [as_float32(value) for value in answer]
    return float(np.float32(answer)) if isinstance(answer, float) else answer


async def test_highs_and_lows_reach_the_graph_for_the_instances_that_have_them(
    container: httpx.AsyncClient,
) -> None:
    """One batch may mix shares whose source gives ranges with shares whose source does not."""
    mixed = [{"closes": CLOSES}, {"closes": CLOSES, "highs": HIGHS, "lows": LOWS}]
    answer = await container.post("/invocations", json={"instances": mixed})
    without, with_ranges = (one["high80"][0] for one in answer.json()["predictions"])

    assert [round(without / CLOSES[-1], 4), round(with_ranges / CLOSES[-1], 4)] == [1.041, 1.081]


async def test_a_large_batch_comes_back_in_its_order(container: httpx.AsyncClient) -> None:
    """The graph sees it in parts, of which the last one is shorter."""
    request = {"instances": [{"closes": [1.0 + one] * 60} for one in range(150)]}
    answer = await container.post("/invocations", json=request)
    medians = [one["median"][0] for one in answer.json()["predictions"]]

    np.testing.assert_allclose(medians, [(1.0 + one) * 1.001 for one in range(150)], rtol=1e-6)


async def test_a_fault_is_answered_with_400_and_its_sentence(container: httpx.AsyncClient) -> None:
    """Through SageMaker the caller sees it as a ModelError that carries this sentence."""
    request = {"instances": [{"closes": CLOSES}] * 3 + [{"closes": CLOSES[1:]}]}

    assert await refusal(container, request) == (
        400,
        "instances[3].closes: 59 values, 60 expected",
    )


@pytest.mark.parametrize("impossible", [np.nan, np.inf, 0.0, -1.0])
async def test_prices_without_a_finite_forecast_are_refused_by_their_instance(
    impossible: float,
) -> None:
    """Null or a negative price must never go out as a forecast."""

    def overflowing(closes: Prices, highs: Prices, lows: Prices) -> Prices:
        quantiles = tiny_quantiles(closes, highs, lows)
        quantiles[-1, 5, 8] = impossible
        return quantiles

    async with client_of(ServingApp(overflowing, MODEL)) as container:
        told = await refusal(container, {"instances": [{"closes": CLOSES}] * 65})

    assert told == (400, "instances[63]: no finite forecast follows from these prices")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"],
)
async def test_json_is_accepted_with_and_without_charset(
    container: httpx.AsyncClient, content_type: str
) -> None:
    """HTTP libraries differ in how they spell it."""
    body = json.dumps({"instances": [{"closes": CLOSES}]})
    answer = await container.post(
        "/invocations", content=body, headers={"content-type": content_type}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"content-type": "text/csv"}, "content-type: text/csv, application/json expected"),
        ({}, "content-type: missing, application/json expected"),
    ],
)
async def test_other_content_types_are_refused(
    container: httpx.AsyncClient, headers: dict[str, str], sentence: str
) -> None:
    """CSV is understood by other containers, and would be misread here."""
    answer = await container.post("/invocations", content=b"36.1", headers=headers)

    assert (answer.status_code, answer.json()) == (415, {"error": sentence})


async def chunks(total: int) -> AsyncIterator[bytes]:
    """A body of `total` blanks whose length is not announced."""
    for _ in range(total // 65_536):
        yield b" " * 65_536
    yield b" " * (total % 65_536)


@pytest.mark.parametrize("make", [lambda size: b" " * size, chunks], ids=["announced", "chunked"])
async def test_a_request_above_four_megabytes_is_refused(
    container: httpx.AsyncClient, make: Callable[[int], Any]
) -> None:
    """Whether its length is announced or not; the limit itself is still read."""
    above = await container.post("/invocations", content=make(MOST_BYTES + 1), headers=JSON)
    at_limit = await container.post("/invocations", content=make(MOST_BYTES), headers=JSON)

    assert (above.status_code, above.json()) == (413, {"error": "body: more than 4,194,304 bytes"})
    assert at_limit.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/", 404, "path: /, /ping or /invocations expected"),
        ("POST", "/invocations/", 404, "path: /invocations/, /ping or /invocations expected"),
        ("GET", "/invocations", 405, "method: GET, POST expected"),
        ("POST", "/ping", 405, "method: POST, GET expected"),
    ],
)
async def test_other_paths_and_methods_are_refused(
    container: httpx.AsyncClient, method: str, path: str, status: int, sentence: str
) -> None:
    """In JSON like everything else, so that a caller needs one way to read errors."""
    answer = await container.request(method, path)

    assert (answer.status_code, answer.json()) == (status, {"error": sentence})


async def test_a_wrong_method_is_told_the_right_one(container: httpx.AsyncClient) -> None:
    """HTTP asks for the Allow header with a 405."""
    assert (await container.get("/invocations")).headers["allow"] == "POST"


async def test_ping_says_which_model_is_served(container: httpx.AsyncClient) -> None:
    """SageMaker only wants the 200; people want to know what is running."""
    answer = await container.get("/ping")

    assert (answer.status_code, answer.json()) == (200, {"model": MODEL})


async def test_an_internal_failure_is_logged_and_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The traceback belongs in the container's log; its text could hold anything."""

    def broken(*windows: Prices) -> Prices:
        raise RuntimeError(f"secret {windows[0].shape}")

    async with client_of(ServingApp(broken, MODEL)) as container:
        told = await refusal(container, {"instances": [{"closes": CLOSES}]})

    assert told == (500, "internal failure, see the log of the container")
    assert [(one.levelno, one.message) for one in caplog.records if one.exc_info] == [
        (logging.ERROR, "request failed")
    ]


async def test_a_sender_who_goes_away_is_not_answered() -> None:
    """Half a request is not a fault worth a log entry."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "path": "/invocations",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
    }
    await ServingApp(tiny_quantiles, MODEL)(scope, receive, send)

    assert sent == []
