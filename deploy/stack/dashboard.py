"""One page that shows whether the forecasts are served, and whether they are any good.

A chart stands here only if its metric exists for the chosen endpoint and bot: serverless endpoints
publish a list of their own (source: SageMaker Developer Guide, "Alarms and logs for tracking
metrics from serverless endpoints"), and machines publish another.
"""

import json
from collections.abc import Iterable

from deploy.stack import metrics
from deploy.stack.alarms import Alarm, alarm_name
from deploy.stack.cloudformation import Json, Resources, resource, sub
from deploy.stack.metrics import Metric, Series
from deploy.stack.options import Bot, Options, Serverless
from deploy.stack.widgets import Chart, Line, laid_out

_ALARMS_HEIGHT = 4
_SESSION = 86_400
_COVERAGE = 80


def dashboard(options: Options, watched: Iterable[Alarm]) -> Resources:
    """The dashboard, named like the stack."""
    widgets = [_alarm_states(options, watched)]
    widgets += laid_out(charts(options), options.region, _ALARMS_HEIGHT)
    body = json.dumps({"widgets": widgets}, ensure_ascii=False, separators=(",", ":"))
    properties = {"DashboardName": options.name, "DashboardBody": sub(body)}
    return {"Dashboard": resource("CloudWatch::Dashboard", properties)}


def charts(options: Options) -> list[Chart]:
    """What is drawn, in the order of reading."""
    endpoint = [*_calls(options), *_endpoint_use(options), *_endpoint_log(options)]
    if options.bot is Bot.NONE:
        return [*endpoint, _alarm_queue()]
    return [*_quality(options), *_bot(options), *endpoint, *_bot_host(options), _alarm_queue()]


def _alarm_states(options: Options, watched: Iterable[Alarm]) -> Json:
    at = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:"
    arns = [at + alarm_name(alarm, options) for alarm in watched]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": 24,
        "height": _ALARMS_HEIGHT,
        "properties": {"title": "Alarmes", "alarms": arns},
    }


def _simple(title: str, *lines: tuple[str, Metric, str], seconds: int = 300) -> Chart:
    drawn = tuple(Line(label, Series(metric, statistic)) for label, metric, statistic in lines)
    return Chart(title, drawn, seconds=seconds)


def _scaled(title: str, formula: str, *lines: tuple[str, Metric, str]) -> Chart:
    """Lines of which `formula` is drawn; `{}` in it stands for each one's name."""
    hidden = tuple(
        Line(label, Series(metric, statistic), name=f"m{at}", hidden=True)
        for at, (label, metric, statistic) in enumerate(lines)
    )
    shown = tuple(
        Line(label, name=f"e{at}", formula=formula.format(f"m{at}"))
        for at, (label, _, _) in enumerate(lines)
    )
    return Chart(title, (*hidden, *shown))


def _quality(options: Options) -> list[Chart]:
    def mine(name: str) -> Metric:
        return metrics.own(options, name)

    hits = Line("fechamentos dentro da faixa (%)", Series(mine("BandHits"), "Average"))
    return [
        _simple(
            "Erro em 20 pregões (%)",
            ("modelo", mine("ForecastError"), "Average"),
            ("repetir o último fechamento", mine("NaiveError"), "Average"),
            seconds=_SESSION,
        ),
        Chart("Faixa de 80 %", (hits,), ("prometido", _COVERAGE), _SESSION),
        _simple("Previsões servidas", ("previsões", mine("ForecastsServed"), "Sum")),
    ]


def _bot(options: Options) -> list[Chart]:
    def mine(name: str) -> Metric:
        return metrics.own(options, name)

    return [
        _simple("Batimento do bot", ("por minuto", mine("Heartbeat"), "SampleCount"), seconds=60),
        _simple("Espera na fila de envio (s)", ("mais antiga", mine("OutboxAge"), "Maximum")),
        _scaled(
            "Atraso dos fechamentos (h)", "{} / 3600", ("o pior", mine("ClosesAge"), "Maximum")
        ),
        _scaled(
            "Tempo de resposta do bot (ms)",
            "1000 * {}",
            ("p50", mine("Latency"), "p50"),
            ("p95", mine("Latency"), "p95"),
        ),
    ]


def _calls(options: Options) -> list[Chart]:
    def call(name: str) -> Metric:
        return metrics.invocations(options, name)

    counted = tuple(
        Line(label, Series(call(name), "Sum"), name=f"m{at}", hidden=True)
        for at, (label, name) in enumerate(
            (("4XX", "Invocation4XXErrors"), ("5XX", "Invocation5XXErrors"), ("n", "Invocations"))
        )
    )
    rate = tuple(
        Line(label, name=f"e{at}", formula=f"100 * m{at} / m2")
        for at, label in enumerate(("4XX (%)", "5XX (%)"))
    )
    return [
        _simple("Chamadas ao modelo", ("chamadas", call("Invocations"), "Sum")),
        _scaled(
            "Latência do modelo (ms)",
            "{} / 1000",
            ("p50", call("ModelLatency"), "p50"),
            ("p95", call("ModelLatency"), "p95"),
            ("acréscimo da AWS, p95", call("OverheadLatency"), "p95"),
        ),
        Chart("Taxa de erro do modelo (%)", (*counted, *rate)),
    ]


def _endpoint_use(options: Options) -> list[Chart]:
    memory = metrics.container(options, "MemoryUtilization")
    memory_chart = _simple("Memória do modelo (%)", ("memória", memory, "Maximum"))
    if isinstance(options.endpoint, Serverless):
        at_once = metrics.invocations(options, "ServerlessConcurrentExecutionsUtilization")
        setup = metrics.invocations(options, "ModelSetupTime")
        return [
            memory_chart,
            _scaled("Chamadas simultâneas (% do limite)", "100 * {}", ("uso", at_once, "Maximum")),
            _scaled("Partida a frio do modelo (ms)", "{} / 1000", ("mais longa", setup, "Maximum")),
        ]
    cpu = metrics.container(options, "CPUUtilization")
    disk = metrics.container(options, "DiskUtilization")
    at_once = metrics.invocations(options, "ConcurrentRequestsPerModel")
    return [
        _simple("CPU do modelo (% de um núcleo)", ("CPU", cpu, "Average")),
        memory_chart,
        _simple("Disco do modelo (%)", ("disco", disk, "Maximum")),
        _simple("Chamadas simultâneas", ("chamadas", at_once, "Maximum")),
    ]


def _endpoint_log(options: Options) -> list[Chart]:
    events = metrics.logged(options, "IncomingLogEvents")
    size = metrics.logged(options, "IncomingBytes")
    return [
        _simple("Linhas de log do modelo", ("linhas", events, "Sum")),
        _simple("Bytes de log do modelo", ("bytes", size, "Sum")),
    ]


def _bot_host(options: Options) -> list[Chart]:
    if options.bot is Bot.EC2:
        return [
            _simple("CPU do bot (%)", ("CPU", metrics.machine("CPUUtilization"), "Average")),
            _simple("Memória do bot (%)", ("memória", metrics.machine_memory(options), "Maximum")),
            _simple("Disco do bot (%)", ("dados", metrics.machine_disk(options), "Maximum")),
        ]
    return [
        _simple("CPU do bot (%)", ("CPU", metrics.service("CPUUtilization"), "Average")),
        _simple("Memória do bot (%)", ("memória", metrics.service("MemoryUtilization"), "Maximum")),
        _simple("CPU do banco (%)", ("CPU", metrics.database("CPUUtilization"), "Average")),
        _simple(
            "Espaço livre do banco (bytes)",
            ("livre", metrics.database("FreeStorageSpace"), "Minimum"),
        ),
        _simple(
            "Respostas 5XX do balanceador",
            ("bot", metrics.balancer("HTTPCode_Target_5XX_Count"), "Sum"),
            ("balanceador", metrics.balancer("HTTPCode_ELB_5XX_Count"), "Sum"),
        ),
    ]


def _alarm_queue() -> Chart:
    waiting = "ApproximateNumberOfMessagesVisible"
    return _simple(
        "Alarmes na fila",
        ("à espera", metrics.queued("AlarmQueue", waiting), "Maximum"),
        ("perdidos", metrics.queued("LostAlarms", waiting), "Maximum"),
    )
