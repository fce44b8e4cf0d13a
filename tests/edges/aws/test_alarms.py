"""Alarms as CloudWatch has them, with the wire stubbed: what is sent, and what is read."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from bot.domain.alarms import Alarm, AnomalyBand, Metric, Rule, Series, read
from bot.edges.aws.alarms import KnownAlarms
from bot.edges.aws.calls import cloudwatch_client
from bot.edges.aws.pictures import widget
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import NOW, REGION, arn, body, later

pytestmark = pytest.mark.usefixtures("invented_keys")

EVERY_KIND = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100}


@pytest.fixture
def known() -> Iterator[KnownAlarms]:
    """The edge with a client that may not leave this process."""
    with closing(cloudwatch_client(REGION)) as client:
        yield KnownAlarms(client, REGION)


@pytest.fixture
def stubber(known: KnownAlarms) -> Iterator[Stubber]:
    """What the client is answered; every answer must be asked for."""
    with Stubber(known.client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def row(name: str, state: str) -> dict[str, Any]:
    """An alarm as DescribeAlarms lists it."""
    return {
        "AlarmName": name,
        "AlarmArn": arn(name),
        "StateValue": state,
        "StateTransitionedTimestamp": datetime(2026, 7, 29, 14, 48, tzinfo=UTC),
        "StateUpdatedTimestamp": datetime(2026, 7, 29, 15, 0, tzinfo=UTC),
    }


def alarm(name: str = "cpu", **more: Any) -> Alarm:
    """An alarm as it was told."""
    found = read(body(name, **more), None)
    if isinstance(found, Alarm):
        return found
    raise TypeError(name)


async def test_what_is_in_alarm_is_listed_over_pages(known: KnownAlarms, stubber: Stubber) -> None:
    """Composite alarms as well, which the API leaves out unless it is asked."""
    pages: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"MetricAlarms": [row("cpu", "ALARM")], "NextToken": "more"}, {}),
        ({"CompositeAlarms": [row("tudo", "ALARM")]}, {"NextToken": "more"}),
    ]
    for answer, token in pages:
        stubber.add_response(
            "describe_alarms", answer, {**EVERY_KIND, "StateValue": "ALARM", **token}
        )
    found = await known.in_alarm()

    assert [(each.name, each.state, each.arn) for each in found] == [
        ("cpu", "ALARM", arn("cpu")),
        ("tudo", "ALARM", arn("tudo")),
    ]


async def test_alarms_are_asked_for_by_name(known: KnownAlarms, stubber: Stubber) -> None:
    """A hundred at a time, with the moment of their last change."""
    names = [f"host-{each}" for each in range(101)]
    for batch in (names[:100], names[100:]):
        rows = {"MetricAlarms": [row(batch[0], "OK")]}
        stubber.add_response("describe_alarms", rows, {**EVERY_KIND, "AlarmNames": batch})
    found = await known.named(names)

    assert [each.name for each in found] == ["host-0", "host-100"]
    assert found[0].since == datetime(2026, 7, 29, 14, 48, tzinfo=UTC)


async def test_a_silence_becomes_a_rule(known: KnownAlarms, stubber: Stubber) -> None:
    """From the next full minute, which is the earliest that a rule can begin."""
    expected = {
        "Name": "fechamento-a2f0188e68daf53fec53464712345e8e",
        "Description": "Silenciado por um operador no Telegram",
        "Rule": {"Schedule": {"Expression": "at(2026-07-29T14:44)", "Duration": "PT239M"}},
        "MuteTargets": {"AlarmNames": ["cpu", "disk"]},
        "ExpireDate": later(hours=4, minutes=1),
    }
    stubber.add_response("put_alarm_mute_rule", {}, expected)

    await known.mute([alarm("disk"), alarm("cpu")], NOW, later(hours=4))


async def test_alarms_of_another_region_are_not_muted(known: KnownAlarms) -> None:
    """There is no such name here, or worse, another one."""
    far = alarm(AlarmArn="arn:aws:cloudwatch:us-east-1:111122223333:alarm:cpu")

    with pytest.raises(AwsUnavailable, match="another region"):
        await known.mute([alarm(), far], NOW, later(hours=1))


async def test_who_may_not_mute_is_told(known: KnownAlarms, stubber: Stubber) -> None:
    """The silence then is ours alone."""
    stubber.add_client_error("put_alarm_mute_rule", "AccessDenied", http_status_code=403)

    with pytest.raises(AwsUnavailable, match="PutAlarmMuteRule: AccessDenied"):
        await known.mute([alarm()], NOW, later(hours=1))


async def test_a_picture_comes_back_as_png(known: KnownAlarms, stubber: Stubber) -> None:
    """Drawn by CloudWatch."""
    stubber.add_response(
        "get_metric_widget_image",
        {"MetricWidgetImage": b"\x89PNG"},
        {"MetricWidget": widget(alarm())},
    )

    assert await known.picture(alarm()) == b"\x89PNG"


async def test_what_is_no_metric_of_ours_is_not_asked_for(known: KnownAlarms) -> None:
    """The stub is not asked."""
    far = alarm(AlarmArn="arn:aws:cloudwatch:us-east-1:111122223333:alarm:cpu")

    assert await known.picture(Alarm("composto", "ALARM", region=REGION)) is None
    assert await known.picture(far) is None


def test_a_metric_is_drawn_over_three_hours_with_its_limit() -> None:
    """In the words of the widget, which differ from those of the notification."""
    assert json.loads(widget(alarm()) or "") == {
        "metrics": [["AWS/ECS", "CPUUtilization", "ServiceName", "fechamento", {}]],
        "title": "cpu",
        "region": "sa-east-1",
        "stat": "Average",
        "period": 300,
        "start": "-PT3H",
        "timezone": "-0300",
        "width": 800,
        "height": 400,
        "annotations": {"horizontal": [{"value": 80.0, "label": "limite", "color": "#d62728"}]},
    }


def test_a_band_is_drawn_beside_its_metric() -> None:
    """The formula's own letters are ours to choose."""
    series = Series("AWS/EC2", "CPUUtilization", statistic="p95")
    band = AnomalyBand(series, "ANOMALY_DETECTION_BAND(m1, 2)", 1.0, 2.0, Rule())
    found = json.loads(widget(Alarm("a", "ALARM", condition=band)) or "")

    assert found["metrics"] == [
        ["AWS/EC2", "CPUUtilization", {"id": "watched"}],
        [{"expression": "ANOMALY_DETECTION_BAND(watched, 2)", "label": "faixa esperada"}],
    ]
    assert (found["stat"], found["period"]) == ("p95", 300)


@pytest.mark.parametrize(
    "condition",
    [None, Metric(Series(name="x"), Rule()), AnomalyBand(None, "f", None, None, Rule())],
)
def test_what_has_no_single_metric_is_not_drawn(condition: Any) -> None:
    """Words have said everything."""
    assert widget(Alarm("a", "ALARM", condition=condition)) is None
