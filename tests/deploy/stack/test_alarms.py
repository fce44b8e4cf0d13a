"""What rings, when, and whom it tells what to do."""

import re
from datetime import UTC, datetime

import pytest

from bot.domain.alarms import Severity, severity
from bot.domain.sessions import SAO_PAULO
from deploy.stack.alarms import Alarm, alarm_name, logical_id
from deploy.stack.options import Bot, Options, Serverless
from deploy.stack.watch import watch
from tests.deploy.stack.deployments import (
    INSTANCES,
    deployment,
    every_whole_deployment,
    named,
    of_type,
    properties,
)

ON_EC2 = watch(deployment())
SERVERLESS_METRICS = {
    # Source: SageMaker Developer Guide, "Alarms and logs for tracking metrics from serverless
    # endpoints", which says that its list is exhaustive.
    "Invocation4XXErrors",
    "Invocation5XXErrors",
    "Invocations",
    "MemoryUtilization",
    "ModelLatency",
    "ModelSetupTime",
    "OverheadLatency",
    "ServerlessConcurrentExecutionsUtilization",
}


def alarm(slug: str, options: Options | None = None) -> Alarm:
    """The alarm that the runbook calls so."""
    (found,) = (one for one in watch(options or deployment()) if one.slug == slug)
    return found


def test_everything_that_can_go_wrong_is_watched() -> None:
    """Each of these has once been noticed by a subscriber first, somewhere."""
    assert [alarm_name(one, deployment()) for one in ON_EC2] == [
        "critico-fechamento-sem-batimento",
        "critico-fechamento-erros-do-modelo",
        "aviso-fechamento-modelo-lento",
        "aviso-fechamento-modelo-sem-folga",
        "aviso-fechamento-sem-previsoes",
        "critico-fechamento-fila-de-envio",
        "aviso-fechamento-fechamentos-velhos",
        "aviso-fechamento-pior-que-o-ingenuo",
        "critico-fechamento-alarmes-nao-lidos",
        "critico-fechamento-alarmes-perdidos",
        "aviso-fechamento-disco-quase-cheio",
    ]


def test_without_a_bot_only_the_model_and_the_queue_are_watched() -> None:
    """Alarms on metrics that nobody publishes would ring for ever."""
    assert [one.slug for one in watch(deployment(bot=Bot.NONE))] == [
        "erros-do-modelo",
        "modelo-lento",
        "modelo-sem-folga",
        "alarmes-perdidos",
    ]


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_every_alarm_is_in_the_template(options: Options) -> None:
    """An alarm that is described but not made watches nothing."""
    made = of_type(options, "CloudWatch::Alarm")

    assert list(made) == [logical_id(one) for one in watch(options)]
    assert len({one["Properties"]["AlarmName"] for one in made.values()}) == len(made)


@pytest.mark.parametrize("one", ON_EC2, ids=lambda one: one.slug)
def test_the_bot_reads_the_severity_from_the_name(one: Alarm) -> None:
    """The severity decides whether somebody is woken."""
    read = severity(alarm_name(one, deployment()))

    assert read is {"critico": Severity.CRITICAL, "aviso": Severity.WARNING}[one.severity]


@pytest.mark.parametrize("one", ON_EC2, ids=lambda one: one.slug)
def test_the_description_says_what_to_do(one: Alarm) -> None:
    """It is all that a woken operator reads: what happened, then what to do."""
    todo = r"\b(Veja|Aumente|Leia|Peça)\b"

    assert re.search(todo, one.says)
    assert len(one.says) <= 1_024
    assert one.says.endswith(".")


def test_alarms_about_the_bot_also_go_to_e_mail() -> None:
    """Whatever is wrong with the bot may keep it from telling so."""
    by_email = {
        one.slug
        for one in ON_EC2
        if {"Ref": "BotAlarms"} in properties(deployment(), logical_id(one))["AlarmActions"]
    }

    assert by_email == {
        "alarmes-nao-lidos",
        "alarmes-perdidos",
        "disco-quase-cheio",
        "fechamentos-velhos",
        "fila-de-envio",
        "sem-batimento",
        "sem-previsoes",
    }


def test_every_alarm_can_go_to_e_mail() -> None:
    """Some operators want both ways for everything."""
    options = deployment(alarm_email="operador@example.org", every_alarm_by_email=True)
    actions = [one["Properties"] for one in of_type(options, "CloudWatch::Alarm").values()]
    both = [{"Ref": "Alarms"}, {"Ref": "BotAlarms"}]

    assert all(one["AlarmActions"] == one["OKActions"] == both for one in actions)


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_no_alarm_looks_back_farther_than_aws_allows(options: Options) -> None:
    """Seven days, or one day for periods under an hour; more is refused when it is made."""
    for one in watch(options):
        most = 604_800 if one.seconds >= 3_600 else 86_400

        assert one.seconds * one.periods <= most
        assert 1 <= one.needed <= one.periods
        assert one.seconds % 60 == 0


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_only_metrics_that_the_endpoint_publishes_are_watched(options: Options) -> None:
    """An alarm on a metric that never comes is always quiet."""
    asked = {
        series.metric.name
        for one in watch(options)
        for _, series in one.watched
        if "sagemaker" in series.metric.namespace.lower()
    }
    extra = set() if isinstance(options.endpoint, Serverless) else MACHINES_PUBLISH

    assert asked <= SERVERLESS_METRICS | extra


MACHINES_PUBLISH = {"InvocationModelErrors", "InvocationsPerInstance"}


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_formulas_use_every_series_and_no_other(options: Options) -> None:
    """CloudWatch refuses a name that is not defined when the alarm is made."""
    for one in watch(options):
        if one.formula:
            names = set(re.findall(r"\b[a-z]\w*\b", one.formula))

            assert names == {name for name, _ in one.watched}


def test_a_dead_bot_rings_by_its_silence() -> None:
    """Nothing else can tell: no metric comes at all."""
    beat = properties(deployment(), "AlarmSemBatimento")

    assert beat["TreatMissingData"] == "breaching"
    assert beat["Dimensions"] == [{"Name": "Bot", "Value": "fechamento"}]
    assert beat["EvaluationPeriods"] * beat["Period"] == 300


def test_a_bot_without_its_database_rings_by_the_age_that_is_missing() -> None:
    """Its heart still beats, and it can say nothing of what waits."""
    assert properties(deployment(), "AlarmFilaDeEnvio")["TreatMissingData"] == "breaching"


def test_forecasts_are_missed_from_ten_to_five_on_weekdays() -> None:
    """CloudWatch counts hours in UTC; the session is in São Paulo, on the same calendar day."""
    formula = alarm("sem-previsoes").formula
    first, last = (int(hour) for hour in re.findall(r"HOUR\(beat\) (?:>=|<) (\d+)", formula))
    hours = [
        datetime(2026, 11, 23, hour, tzinfo=UTC).astimezone(SAO_PAULO).hour
        for hour in (first, last)
    ]

    assert hours == [10, 17]
    assert "DAY(beat) < 6" in formula


def test_latency_is_watched_in_microseconds() -> None:
    """SageMaker says ModelLatency in microseconds: a second is a million of them."""
    slow = properties(deployment(), "AlarmModeloLento")

    assert (slow["MetricName"], slow["ExtendedStatistic"], slow["Threshold"]) == (
        "ModelLatency",
        "p95",
        1_000_000,
    )


@pytest.mark.parametrize(
    ("endpoint", "metric"),
    [
        (Serverless(), "ServerlessConcurrentExecutionsUtilization"),
        (INSTANCES, "InvocationsPerInstance"),
    ],
)
def test_refused_calls_are_foreseen(endpoint: object, metric: str) -> None:
    """Neither kind publishes throttled calls, so what comes before them is watched."""
    options = deployment(endpoint=endpoint)

    assert properties(options, "AlarmModeloSemFolga")["MetricName"] == metric


def test_the_model_is_held_against_repeating_the_last_close() -> None:
    """A model that is worse than that over 20 sessions should not be served."""
    queries = {
        query["Id"]: query for query in properties(deployment(), "AlarmPiorQueOIngenuo")["Metrics"]
    }

    assert queries["result"]["Expression"] == "model / naive"
    assert [queries[name]["MetricStat"]["Metric"]["MetricName"] for name in ("model", "naive")] == [
        "ForecastError",
        "NaiveError",
    ]


def test_the_disk_is_watched_where_the_data_is() -> None:
    """On the machine's volume, or in RDS, which counts what is free."""
    on_ecs = properties(deployment(bot=Bot.ECS), "AlarmDiscoQuaseCheio")

    assert properties(deployment(), "AlarmDiscoQuaseCheio")["MetricName"] == "disk_used_percent"
    assert (on_ecs["MetricName"], on_ecs["ComparisonOperator"]) == (
        "FreeStorageSpace",
        "LessThanThreshold",
    )
