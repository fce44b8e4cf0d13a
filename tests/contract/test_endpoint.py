"""What every endpoint keeps: the fake of the tests, and boto3 → runtime route → serving → graph.

The same assertions hold for both, so that what is tested with the fake is true of the real one.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.domain.closes import Window
from bot.domain.forecast import Steps
from bot.edges.endpoint import Patience, SageMakerEndpoint, runtime_client
from bot.errors import ModelRefused, ModelUnavailable
from bot.ports.forecasting import Endpoint
from deploy.local.runtime.route import runtime_app
from model.serving import serving_app
from tests.artifacts import make_tiny_artifact
from tests.fakes_endpoint import FakeEndpoint, window_ending_at
from tests.loopback import listening


@dataclass(frozen=True, slots=True)
class Subject:
    """An endpoint under test, and how to make it fail."""

    endpoint: Endpoint
    fail_with: Callable[[int | None], None]


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The route in front of the real serving application, both on loopback."""
    artifact = make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny")
    with (
        listening(serving_app(artifact)) as upstream,
        listening(runtime_app(upstream, "itub4-lstm")) as address,
    ):
        yield address


@pytest.fixture(params=["fake", "real"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Each of the endpoints."""
    if request.param == "fake":
        yield _fake()
        return
    address = request.getfixturevalue("route")
    patience = Patience(tries=1)  # a second try would hide the failure that was asked for
    with closing(runtime_client("sa-east-1", address, patience)) as client:
        yield Subject(SageMakerEndpoint(client, "itub4-lstm"), _breaking(address))


def _fake() -> Subject:
    fake = FakeEndpoint()

    def fail_with(status: int | None) -> None:
        fake.failure = ModelUnavailable("itub4-lstm", status)

    return Subject(fake, fail_with)


def _breaking(address: str) -> Callable[[int | None], None]:
    def fail_with(status: int | None) -> None:
        fault: dict[str, Any] = {"status": status} if status else {"drop": True}
        httpx.post(f"{address}/faults", json=fault, trust_env=False)

    return fail_with


def ordered(steps: Steps) -> bool:
    """Whether each band holds the one inside it and the median."""
    return all(
        0 < one.low95 <= one.low80 <= one.median <= one.high80 <= one.high95 for one in steps.steps
    )


async def test_each_window_gets_six_ordered_steps_in_its_currency(subject: Subject) -> None:
    """A factor of a hundred between two shares must be seen in their forecasts."""
    windows = [window_ending_at(3_600.0), window_ending_at(36.0)]
    dear, cheap = await subject.endpoint.steps(windows)

    assert (len(dear.steps), len(cheap.steps)) == (6, 6)
    assert ordered(dear)
    assert ordered(cheap)
    assert dear.steps[0].median == pytest.approx(100 * cheap.steps[0].median, rel=1e-6)


async def test_the_steps_begin_at_the_last_close(subject: Subject) -> None:
    """Both models drift by 0.1 % a session: the first step is the nearest."""
    [steps] = await subject.endpoint.steps([window_ending_at(36.0)])
    medians = [step.median for step in steps.steps]

    assert medians == pytest.approx([36.0 * (1 + step / 1000) for step in range(1, 7)], rel=1e-6)


async def test_a_window_without_highs_and_lows_is_forecast_too(subject: Subject) -> None:
    """Not every source gives them."""
    [steps] = await subject.endpoint.steps([window_ending_at(36.0, ranges=False)])

    assert (len(steps.steps), ordered(steps)) == (6, True)


async def test_the_model_is_named_with_its_hash(subject: Subject) -> None:
    """The scoreboard keeps which model made a forecast."""
    [steps] = await subject.endpoint.steps([window_ending_at(36.0)])

    assert all((steps.model.name, steps.model.version))
    assert len(bytes.fromhex(steps.model.sha256)) == 32


async def test_the_same_window_gets_the_same_steps(subject: Subject) -> None:
    """Nothing in a forecast is left to chance."""
    window = window_ending_at(36.0)

    assert await subject.endpoint.steps([window]) == await subject.endpoint.steps([window])


async def test_no_windows_get_no_steps(subject: Subject) -> None:
    """An empty list of shares is not an error."""
    assert await subject.endpoint.steps([]) == []


@pytest.mark.parametrize("status", [503, 500, 429, 400, 424, None])
async def test_a_failure_is_worth_asking_again(subject: Subject, status: int | None) -> None:
    """Down, broken, not ready, throttled, failing, lost on its way: told apart by status only."""
    subject.fail_with(status)
    with pytest.raises(ModelUnavailable) as raised:
        await subject.endpoint.steps([window_ending_at(36.0)])

    assert (raised.value.status, raised.value.retry) == (status, True)


def broken_window() -> Window:
    """A window that no checked source gives: its last close is zero."""
    return window_ending_at(0.0, ranges=False)


async def test_what_the_container_refuses_is_told_by_its_place(route: str) -> None:
    """The container's own sentence arrives in the log of the bot, through SageMaker and boto3."""
    with closing(runtime_client("sa-east-1", route)) as client:
        endpoint = SageMakerEndpoint(client, "itub4-lstm")
        with pytest.raises(ModelRefused) as raised:
            await endpoint.steps([window_ending_at(36.0), broken_window()])

    assert (raised.value.status, raised.value.reason) == (
        424,
        'ModelError: {"error":"instances[1].closes[0]: 0, a price from 1e-30 to 1e+30 expected"}',
    )


async def test_a_mistyped_endpoint_is_away(route: str, caplog: pytest.LogCaptureFixture) -> None:
    """To people the model is away; the operator reads in the log that the name is wrong."""
    with (
        closing(runtime_client("sa-east-1", route)) as client,
        pytest.raises(ModelUnavailable) as raised,
    ):
        await SageMakerEndpoint(client, "itub4").steps([window_ending_at(36.0)])

    assert raised.value.status == 400
    assert [vars(record)["reason"] for record in caplog.records] == [
        "ValidationError: Endpoint itub4 of account 000000000000 not found."
    ]


async def test_a_thousand_and_one_windows_are_all_forecast(subject: Subject) -> None:
    """More than one invocation takes; the order spans them."""
    closes = [1.0 + share for share in range(1001)]
    answers = await subject.endpoint.steps([window_ending_at(close) for close in closes])

    assert [one.steps[0].median for one in answers] == pytest.approx(
        [close * 1.001 for close in closes], rel=1e-6
    )
