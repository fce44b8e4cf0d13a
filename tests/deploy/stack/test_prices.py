"""What a month costs, and how sure that is."""

import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.price_table import TABLE, Line, NoPrice, PriceTable, read_prices
from deploy.prices import Usage, monthly, reference_setup, total
from deploy.stack.metrics import written
from deploy.stack.options import Bot, Instances, Options, Serverless
from tests.deploy.stack.deployments import (
    EVERYTHING,
    WEBHOOK,
    deployment,
    every_whole_deployment,
    named,
    of_type,
)

REGIONS = ("sa-east-1", "us-east-1")
PRICES = read_prices("sa-east-1")


def by_name(options: Options, usage: Usage | None = None) -> dict[str, Line]:
    """The lines of an estimate."""
    lines = monthly(options, usage or Usage(), read_prices(options.region))
    return {line.what: line for line in lines}


@pytest.mark.parametrize("region", REGIONS)
def test_the_default_costs_at_most_a_quarter_of_the_reference(region: str) -> None:
    """1,000 subscribers of 5 shares; both by the same table, the reference flattered."""
    prices = read_prices(region)
    ratio = total(monthly(Options(region=region), Usage(), prices)) / total(reference_setup(prices))

    assert ratio <= 0.25


def test_the_sum_is_what_a_person_would_reckon() -> None:
    """The dear lines once more by hand, in São Paulo: US$ 26.98 a month."""
    machine = 730 * 0.0268 + 730 * 0.005 + 16 * 0.152 + 1.6 * 0.068
    calls = (1_000 + 5) * 30.4
    model = (calls * 0.1 + 24 * 10 * 30.4) * 0.000032 + calls * 8 / 1_048_576 * 0.0256
    rest = 0.1 * 0.0405 + 0.8 * 0.10 + 0.40 + (14 - 10) * 0.10
    reckoned = machine + model + rest

    assert total(monthly(Options(), Usage(), PRICES)) == pytest.approx(reckoned)
    assert round(reckoned, 2) == 26.98


def test_the_reference_is_two_machines_that_are_always_on() -> None:
    """The set-up that this one replaces."""
    assert [(line.what, line.quantity) for line in reference_setup(PRICES)] == [
        ("endpoint, one ml.t2.medium", 730),
        ("server, one t2.medium", 730),
    ]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e3))
def test_what_is_free_is_never_paid_back(quantity: float, free: float, price: float) -> None:
    """Using less than is given away costs nothing, not less than nothing."""
    usd = Line("x", quantity, "unit", free, price).usd

    assert usd == (0 if quantity <= free else (quantity - free) * price)


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_alarms_secrets_and_metrics_are_counted_as_described(options: Options) -> None:
    """The estimate follows the template, not a list of its own."""
    lines = by_name(options)
    alarms = of_type(options, "CloudWatch::Alarm").values()
    series = [
        sum("MetricStat" in query for query in alarm["Properties"].get("Metrics", [])) or 1
        for alarm in alarms
    ]
    secrets = len(of_type(options, "SecretsManager::Secret")) + bool(
        options.token_secret_arn and options.bot is not Bot.NONE
    )

    assert lines["alarms"].quantity == sum(series)
    assert lines["secrets"].quantity == secrets
    assert lines["metrics of our own"].quantity == len(written(options))


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_every_deployment_has_a_price(options: Options) -> None:
    """`plan` shows one whatever was chosen, as long as the table knows the machines."""
    assert 0 < total(by_name(options).values()) < 200


def test_machines_cost_by_their_number_and_serverless_by_its_memory() -> None:
    """Twice as much of either is twice the price."""
    two = by_name(deployment(endpoint=Instances("ml.m5.large", 2, 4)))
    large = by_name(deployment(endpoint=Serverless(memory_mb=2048)))
    small = by_name(deployment())

    assert two["endpoint, 2 × ml.m5.large"].usd == pytest.approx(2 * 730 * 0.183)
    assert large["endpoint, serverless"].usd == pytest.approx(2 * small["endpoint, serverless"].usd)


def test_more_subscribers_cost_more_calls() -> None:
    """The only line of the default that grows with people."""
    few, many = (by_name(Options(), replace(Usage(), subscribers=n)) for n in (1_000, 100_000))
    grown = {what for what in few if many[what].usd > few[what].usd}

    assert grown == {"calls to the endpoint", "endpoint, serverless", "messages and pictures out"}


def test_a_monthly_training_is_on_the_bill() -> None:
    """An hour at most, on a machine of its own."""
    line = by_name(deployment(retrain=True))["monthly training"]

    assert (line.unit, line.quantity) == ("hour", 1)


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        (deployment(endpoint=Instances("ml.p5.48xlarge")), "ml.p5.48xlarge in sa-east-1"),
        (deployment(machine="m7g.large"), "m7g.large in sa-east-1"),
        (deployment(region="eu-west-1"), "serverless_gb_second in eu-west-1"),
    ],
)
def test_an_unknown_price_is_said_and_not_guessed(options: Options, missing: str) -> None:
    """An estimate without its dearest line would mislead."""
    with pytest.raises(NoPrice, match=re.escape(f"prices.toml has no price of {missing}")):
        by_name(options)


def test_the_table_says_when_it_was_written_and_what_it_does_not_know() -> None:
    """Prices age; a reckoned one is marked."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))

    assert (PRICES.dated, PRICES.source) == ("2026-11", "AWS public price list")
    assert sorted(key for key, price in table["price"].items() if "derived" in price) == [
        "inference_gb",
        "ml.t2.large",
        "ml.t2.medium",
        "serverless_gb_second",
    ]


def test_every_price_has_a_unit_and_both_regions() -> None:
    """A price without its unit is a number."""
    for key, price in tomllib.loads(TABLE.read_text(encoding="utf-8"))["price"].items():
        assert {"unit", *REGIONS} <= price.keys(), key
        assert price["sa-east-1"] >= price["us-east-1"] > 0, key


def test_a_table_of_one_s_own_can_be_used() -> None:
    """Prices are given, not built in."""
    prices = PriceTable("x", "2026-11", "a test", 730, {"t4g.small": {"unit": "hour", "x": 0.01}})

    assert prices.hourly("bot", "t4g.small", 2).usd == pytest.approx(14.6)


def test_ecs_costs_more_than_a_machine() -> None:
    """It is for who has outgrown one, and says so in its price."""
    on_ecs = deployment(bot=Bot.ECS, webhook=WEBHOOK, **EVERYTHING)

    assert total(by_name(on_ecs).values()) > 2 * total(by_name(deployment()).values())
