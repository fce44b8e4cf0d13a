"""Alarms in every shape in which CloudWatch tells them, with invented content."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.alarms import (
    Alarm,
    AnomalyBand,
    Child,
    Composite,
    Evidence,
    Expression,
    Metric,
    Rule,
    Series,
    State,
    Text,
    read,
)
from tests.wording import alarm_scenes as scenes

SINCE = datetime(2026, 7, 29, 14, 42, 10, 123_000, tzinfo=UTC)
TOPIC = "arn:aws:sns:sa-east-1:111122223333:fechamento-alarms"


def found_in(payload: Any) -> Alarm:
    """The alarm in a payload."""
    found = read(json.dumps(payload), None)

    assert isinstance(found, Alarm)
    return found


def test_a_notification_about_a_metric_is_read_whole() -> None:
    """The usual case, field by field."""
    assert found_in(scenes.METRIC) == Alarm(
        name="critico-cpu-do-bot",
        state=State.ALARM,
        previous=State.OK,
        reason=scenes.METRIC["NewStateReason"],
        since=SINCE,
        arn="arn:aws:cloudwatch:sa-east-1:111122223333:alarm:critico-cpu-do-bot",
        account="111122223333",
        region="sa-east-1",
        condition=Metric(
            Series(
                "AWS/ECS", "CPUUtilization", (("ServiceName", "fechamento"),), "AVERAGE", 300, None
            ),
            Rule("GreaterThanThreshold", 80.0, periods=3, needed=3, missing="missing"),
        ),
        evidence=Evidence(values=(93.1, 91.0, 85.25)),
        description="O bot está sem fôlego.\nVeja o roteiro: https://exemplo.test/cpu?a=1&b=2",
        actions=(TOPIC,),
    )


def test_an_event_has_no_rule_so_the_sentence_tells_it() -> None:
    """EventBridge sends the metric alone; threshold and periods stand in the reason."""
    assert found_in(scenes.EVENT) == Alarm(
        name="fila-de-alarmes",
        state=State.ALARM,
        previous=State.OK,
        reason=scenes.EVENT["detail"]["state"]["reason"],
        since=SINCE,
        arn="arn:aws:cloudwatch:sa-east-1:111122223333:alarm:fila-de-alarmes",
        account="111122223333",
        region="sa-east-1",
        condition=Metric(
            Series(
                "AWS/SQS",
                "ApproximateAgeOfOldestMessage",
                (("QueueName", "fechamento-alarms"),),
                "Maximum",
                60,
                None,
            ),
            Rule("GreaterThanThreshold", 600.0, periods=2, needed=2),
        ),
        evidence=Evidence(values=(700.0, 640.0)),
        description="Mensagens à espera há muito tempo.",
        tags=(("severity", "critical"), ("equipe", "dados")),
    )


def test_an_action_that_calls_lambda_is_read_as_an_event_is() -> None:
    """Somebody may forward it to the topic."""
    assert found_in(scenes.LAMBDA) == Alarm(
        name="servico-degradado",
        state=State.ALARM,
        previous=State.INSUFFICIENT_DATA,
        reason=scenes.LAMBDA["alarmData"]["state"]["reason"],  # type: ignore[index] # a nested payload
        since=SINCE,
        arn="arn:aws:cloudwatch:sa-east-1:111122223333:alarm:servico-degradado",
        account="111122223333",
        region="sa-east-1",
        condition=Composite(
            "ALARM(fila) OR INSUFFICIENT_DATA(cpu)",
            (Child("fila", "ALARM", None), Child("cpu", "OK", None)),
        ),
    )


def test_a_row_of_the_api_is_read_as_well() -> None:
    """`describe_alarms` gives rows; boto3 writes their dates with a space."""
    assert found_in(scenes.ROW) == Alarm(
        name="fila-longa",
        state=State.OK,
        reason=scenes.ROW["StateReason"],  # type: ignore[arg-type] # a text in a mixed payload
        since=SINCE,
        arn="arn:aws:cloudwatch:sa-east-1:111122223333:alarm:fila-longa",
        account="111122223333",
        region="sa-east-1",
        condition=Metric(
            Series(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                (("QueueName", "fechamento-alarms"),),
                "Maximum",
                60,
                None,
            ),
            Rule("GreaterThanThreshold", 100.0, periods=1),
        ),
        evidence=Evidence(values=(2.0,)),
    )


def test_a_formula_is_read_with_its_metrics() -> None:
    """Metric math has no MetricName of its own."""
    plain = Series("Fechamento", "Erros", (), "Sum", 300, None)
    rule = Rule("GreaterThanThreshold", 0.05, periods=3, needed=2, missing="notBreaching")

    assert found_in(scenes.MATH).condition == Expression(
        formula="erros / respostas",
        label="Taxa",
        series=(plain, Series("Fechamento", "Respostas", (), "Sum", 300, None)),
        period=300,
        rule=rule,
    )


def test_a_query_over_many_series_names_the_one_in_alarm() -> None:
    """One alarm watches a fleet; which of it matters."""
    found = found_in(scenes.CONTRIBUTOR)

    assert found.contributor == (("TableName", "previsoes"),)
    assert found.condition == Expression(
        formula='SELECT SUM(Linhas) FROM "Fechamento" GROUP BY TableName',
        label=None,
        series=(),
        period=60,
        rule=Rule("LessThanThreshold", 1.0),
    )
    assert found.evidence == Evidence(values=(0.0,))


def test_the_number_of_series_in_alarm_is_read() -> None:
    """The alarm as a whole tells no values."""
    assert found_in(scenes.CONTRIBUTORS).evidence == Evidence(contributors=(2, 6))


def test_a_learnt_band_is_read_with_its_bounds() -> None:
    """There is no threshold; the bounds stand in the sentence."""
    found = found_in(scenes.ANOMALY)

    assert found.condition == AnomalyBand(
        watched=Series("Fechamento", "Respostas", (), "Sum", 300, None),
        band="ANOMALY_DETECTION_BAND(respostas, 2)",
        lower=12.5,
        upper=48.75,
        rule=Rule("LessThanLowerOrGreaterThanUpperThreshold", periods=1),
    )
    assert found.evidence == Evidence(values=(3.0,), lower=12.5, upper=48.75)


def test_a_band_around_a_formula_is_named_by_its_label() -> None:
    """What is watched need not be a metric."""
    metrics = [
        {"Id": "e1", "Expression": "erros / respostas", "Label": "Taxa", "ReturnData": True},
        {"Id": "limite", "Expression": "ANOMALY_DETECTION_BAND(e1)"},
        scenes.ERRORS,
    ]
    trigger = {"ThresholdMetricId": "limite", "Metrics": metrics}
    condition = found_in(scenes.ANOMALY | {"Trigger": trigger}).condition

    assert isinstance(condition, AnomalyBand)
    assert (condition.watched, condition.band) == (
        Series(name="Taxa"),
        "ANOMALY_DETECTION_BAND(e1)",
    )


def test_a_composite_alarm_is_read_with_its_children() -> None:
    """It has a rule and children instead of `Trigger`."""
    moment = datetime(2026, 7, 29, 14, 42, 10, 100_000, tzinfo=UTC)

    assert found_in(scenes.COMPOSITE).condition == Composite(
        scenes.COMPOSITE["AlarmRule"], (Child("latencia-do-modelo", "ALARM", moment),)
    )


def test_a_lack_of_data_is_counted_in_periods() -> None:
    """Silence may be the alarm."""
    found = found_in(scenes.NO_DATA)

    assert found.evidence == Evidence(empty=2)
    assert isinstance(found.condition, Metric)
    assert found.condition.rule.missing == "breaching"


def test_data_that_never_came_are_counted_too() -> None:
    """Another sentence for another state."""
    assert found_in(scenes.INSUFFICIENT).evidence == Evidence(empty=3)


def test_a_state_set_by_hand_tells_no_values() -> None:
    """The reason is what somebody wrote; nothing is read into it."""
    found = found_in(scenes.BY_HAND)

    assert (found.reason, found.evidence) == ("teste do plantão & <fim>", Evidence())


def test_an_old_message_without_trigger_is_still_an_alarm() -> None:
    """Ten keys were all there was; the region's name is better than none."""
    assert found_in(scenes.OLD) == Alarm(
        name="disco-cheio",
        state=State.ALARM,
        previous=State.OK,
        reason="Threshold Crossed",
        since=SINCE,
        account="111122223333",
        region="South America - Sao Paulo",
        description="Apagar registros antigos.",
    )


def test_an_alarm_on_logs_has_results_instead_of_datapoints() -> None:
    """The newest result comes first, whatever the order in the message."""
    found = found_in(scenes.ON_LOGS)

    assert found.evidence == Evidence(values=(142.0, 135.0))
    assert found.condition == Metric(
        Series(), Rule("GreaterThanThreshold", 100.0, periods=5, needed=3)
    )
    assert found.contributor == (("rota", "/fechamento/hoje"),)


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        ("ALARM", ("a",)),
        ("OK", ("o",)),
        ("INSUFFICIENT_DATA", ("i", "j")),
        ("insufficient_data", ("i", "j")),
        ("MUTED", ()),
    ],
)
def test_the_actions_are_those_of_the_new_state(state: str, actions: tuple[str, ...]) -> None:
    """What was done about it depends on where it went."""
    payload = scenes.METRIC | {
        "NewStateValue": state,
        "AlarmActions": ["a"],
        "OKActions": ["o"],
        "InsufficientDataActions": ["i", None, 5, "j"],
    }
    numbers = tuple(action for action in found_in(payload).actions if action != "5")

    assert numbers == actions


@pytest.mark.parametrize(
    ("written", "since"),
    [
        ("2026-07-29T14:42:10.123+0000", SINCE),
        ("2026-07-29T14:42:10.123Z", SINCE),
        ("2026-07-29T11:42:10.123-03:00", SINCE),
        ("2026-07-29 14:42:10.123", SINCE),
        ("date", None),
        ("", None),
        (None, None),
        (1_753_800_000, None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2026-02-30T00:00:00Z", None),
    ],
)
def test_dates_come_in_several_forms(written: object, since: datetime | None) -> None:
    """CloudWatch writes `+0000`, EventBridge `Z`; a moment that cannot be is none."""
    assert found_in(scenes.OLD | {"StateChangeTime": written}).since == since


@pytest.mark.parametrize(
    ("arn", "region", "account"),
    [
        ("arn:aws:cloudwatch:eu-west-1:444455556666:alarm:a:b", "eu-west-1", "111122223333"),
        ("arn:aws:cloudwatch:<region>:1:alarm:a", "Europe (Ireland)", "111122223333"),
        ("arn:aws:sns:eu-west-1:1:a", "Europe (Ireland)", "111122223333"),
        (None, "Europe (Ireland)", "111122223333"),
    ],
)
def test_the_region_is_the_arn_s_and_never_its_name_if_that_can_be_helped(
    arn: str | None, region: str, account: str
) -> None:
    """`Region` is a name for people, and one that AWS has changed several times."""
    found = found_in(scenes.METRIC | {"AlarmArn": arn, "Region": "Europe (Ireland)"})

    assert (found.region, found.account) == (region, account)


def test_what_a_message_lacks_the_arn_tells() -> None:
    """Name, account and region are all in it."""
    found = found_in({"AlarmArn": "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:a:b"})

    assert (found.name, found.account, found.region) == ("a:b", "444455556666", "eu-west-1")


@pytest.mark.parametrize(
    "tags", [{"severity": "info"}, [{"Key": "severity", "Value": "info"}, {"Value": "x"}, 7]]
)
def test_tags_come_as_an_object_or_as_a_list(tags: object) -> None:
    """AWS does both, in events and in rows."""
    assert found_in(scenes.METRIC | {"AlarmTags": tags}).tags == (("severity", "info"),)


@pytest.mark.parametrize(
    ("reason", "evidence", "rule"),
    [
        (
            "Threshold Crossed: 1 datapoint (2500.5) was greater than or equal to the threshold "
            "(2000.0).",
            Evidence(values=(2500.5,)),
            Rule("GreaterThanOrEqualToThreshold", 2000.0),
        ),
        (
            "Threshold Crossed: 2 datapoints (1.5, -2.5E-3) were less than or equal to the "
            "threshold (3.0).",
            Evidence(values=(1.5, -0.0025)),
            Rule("LessThanOrEqualToThreshold", 3.0),
        ),
        (
            "Threshold Crossed: 1 datapoint [5.0 (29/07/26 14:00:00)] was not less than the "
            "threshold (1.0).",
            Evidence(values=(5.0,)),
            Rule("LessThanThreshold", 1.0),
        ),
        (
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint "
            "was treated as [NonBreaching].",
            Evidence(empty=1),
            Rule(missing="notBreaching"),
        ),
        ("Insufficient Data: 1 datapoint was unknown.", Evidence(empty=1), Rule()),
        (
            "Thresholds Crossed: 1 out of the last 2 datapoints [4.0 (29/07/26 14:00:00)] was "
            "less than the lower thresholds [5.0, 6.0] (minimum 1 datapoint for OK -> ALARM "
            "transition).",
            Evidence(values=(4.0,), lower=5.0),
            Rule("LessThanLowerThreshold", periods=2, needed=1),
        ),
        ("datapoints [muitos] passaram", Evidence(), Rule()),
        ("datapoints [1e999, 2.0]", Evidence(values=(2.0,)), Rule()),
        ("x" * 5_000 + "datapoint [1.0 (x)]", Evidence(), Rule()),
    ],
)
def test_the_sentence_of_the_reason_is_read(reason: str, evidence: Evidence, rule: Rule) -> None:
    """Notifications have nothing else that tells values."""
    found = found_in(
        {
            "AlarmName": "a",
            "NewStateValue": "ALARM",
            "NewStateReason": reason,
            "Trigger": {"MetricName": "m"},
        }
    )

    assert found.evidence == evidence
    assert found.condition == Metric(Series(name="m"), rule)


@pytest.mark.parametrize(
    ("details", "values"),
    [
        ({"recentDatapoints": [1.0, None, 3.0]}, (3.0, 1.0)),
        ({"recentDatapoints": "muitos"}, ()),
        ({"evaluatedDatapoints": [{"value": 1.0}, {"timestamp": "2026-07-29T14:00:00Z"}]}, (1.0,)),
        ({"evaluatedDatapoints": [{"value": 1.0}, {"value": 2, "timestamp": "2026"}]}, (1.0, 2.0)),
        ("{", ()),
        (json.dumps({"recentDatapoints": [4]}), (4.0,)),
    ],
)
def test_the_reason_s_data_are_read_where_there_are_any(
    details: object, values: tuple[float, ...]
) -> None:
    """CloudWatch documents them as JSON inside a text; some messages hold the object itself."""
    payload = {"AlarmName": "a", "StateValue": "OK", "StateReasonData": details}

    assert found_in(payload).evidence.values == values


@pytest.mark.parametrize(
    ("written", "threshold"),
    [
        (80, 80.0),
        ("80.5", 80.5),
        (-1e-9, -1e-9),
        ("oitenta", None),
        (10**400, None),
        ("1e999", None),
        (True, None),
        ([80], None),
        (None, None),
    ],
)
def test_a_threshold_is_a_finite_number_or_none(written: object, threshold: float | None) -> None:
    """What cannot be compared with cannot be told either."""
    trigger = scenes.CPU | {"Threshold": written}
    condition = found_in(scenes.BY_HAND | {"Trigger": trigger}).condition

    assert isinstance(condition, Metric)
    assert condition.rule.threshold == threshold


@pytest.mark.parametrize(
    ("written", "period"),
    [(60, 60), (60.0, 60), ("300", 300), (0, None), (-60, None), (1e300, None), ("x", None)],
)
def test_a_period_is_a_positive_whole_number_or_none(written: object, period: int | None) -> None:
    """A period of nothing would be said in all seriousness."""
    trigger = scenes.CPU | {"Period": written}
    condition = found_in(scenes.BY_HAND | {"Trigger": trigger}).condition

    assert isinstance(condition, Metric)
    assert condition.series.period == period


def test_a_child_without_name_is_left_out() -> None:
    """There would be nothing to say of it."""
    rows = [{"State": {"Value": "ALARM"}}, "x", {"Arn": "b"}]
    payload = scenes.COMPOSITE | {"TriggeringChildren": rows}

    assert found_in(payload).condition == Composite(
        scenes.COMPOSITE["AlarmRule"], (Child("b", None, None),)
    )


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Olá!",
        "null",
        "7",
        "[]",
        "{}",
        '{"AlarmDescription": "x"}',
        '{"AlarmName": ""}',
        '{"AlarmName": NaN}',
        '{"detail-type": "CloudWatch Alarm Configuration Change", "detail": {"alarmName": "a"}}',
        '{"detail-type": "Glue Job State Change", "detail": {"state": "FAILED"}}',
        '{"alarmData": "x"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_alarm_is_a_text(message: str) -> None:
    """Topics carry other things too, and all of them are read by people."""
    assert read(message, " Assunto ") == Text("Assunto", message)


def test_an_event_without_detail_is_an_alarm_of_which_nothing_is_known() -> None:
    """Better a message that says so than none."""
    assert read('{"detail-type": "CloudWatch Alarm State Change"}', None) == Alarm("", "")
