"""The bot's own measures on their way to CloudWatch, with the wire stubbed."""

from contextlib import closing

import pytest
from botocore.stub import Stubber

from bot.domain.measures import UNITS, Measure, Name
from bot.edges.aws.calls import cloudwatch_client
from bot.edges.aws.measures import CloudWatchMeasures
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import NOW, REGION

pytestmark = pytest.mark.usefixtures("invented_keys")


async def test_a_minute_s_measures_are_one_call() -> None:
    """Each with its unit, under the bot's name; long lists in pieces of 150."""
    latencies = tuple(each / 100 for each in range(151))
    measures = [Measure(Name.HEARTBEAT, (1.0,), NOW), Measure(Name.LATENCY, latencies, NOW)]
    common = {"Dimensions": [{"Name": "Bot", "Value": "itau"}], "Timestamp": NOW}
    data = [
        {"MetricName": "Heartbeat", "Unit": "Count", "Values": [1.0], **common},
        {"MetricName": "Latency", "Unit": "Seconds", "Values": [*latencies[:150]], **common},
        {"MetricName": "Latency", "Unit": "Seconds", "Values": [1.5], **common},
    ]
    with closing(cloudwatch_client(REGION)) as client, Stubber(client) as stubber:
        stubber.add_response("put_metric_data", {}, {"Namespace": "Fechamento", "MetricData": data})
        await CloudWatchMeasures(client, "itau").publish(measures)
        stubber.assert_no_pending_responses()


async def test_a_refusal_is_told() -> None:
    """Whoever sends tries again with the next minute's."""
    with closing(cloudwatch_client(REGION)) as client, Stubber(client) as stubber:
        stubber.add_client_error("put_metric_data", "Throttling", http_status_code=400)
        stubber.add_client_error("put_metric_data", "Throttling", http_status_code=400)

        with pytest.raises(AwsUnavailable, match="PutMetricData: Throttling"):
            await CloudWatchMeasures(client, "itau").publish([Measure(Name.LATENCY, (1.0,), NOW)])


def test_every_measure_has_a_unit() -> None:
    """One without would fail when it is sent for the first time."""
    assert set(UNITS) == set(Name)
