"""The page that operators look at."""

import json
import re
from typing import Any

import pytest

from bot.domain.measures import Name
from deploy.stack import metrics
from deploy.stack.options import Bot, Options, Serverless
from tests.deploy.stack.deployments import (
    INSTANCES,
    deployment,
    every_whole_deployment,
    named,
    properties,
)
from tests.deploy.stack.test_alarms import MACHINES_PUBLISH, SERVERLESS_METRICS


def body(options: Options) -> dict[str, Any]:
    """The dashboard as CloudWatch reads it, every reference filled in by its own name."""
    text = properties(options, "Dashboard")["DashboardBody"]["Fn::Sub"]
    found: dict[str, Any] = json.loads(re.sub(r"\$\{([^}]+)\}", r"\1", text))
    return found


def titles(options: Options) -> list[str]:
    """The charts, in the order of reading."""
    return [widget["properties"]["title"] for widget in body(options)["widgets"]]


def drawn(options: Options) -> set[tuple[str, str]]:
    """Namespace and name of every metric on the page."""
    return {
        (line[0], line[1])
        for widget in body(options)["widgets"]
        for line in widget["properties"].get("metrics", [])
        if isinstance(line[0], str)
    }


def test_a_serverless_deployment_shows_what_serverless_publishes() -> None:
    """No chart is empty: disk and CPU of a serverless endpoint do not exist."""
    assert titles(deployment()) == [
        "Alarmes",
        "Erro em 20 pregões (%)",
        "Faixa de 80 %",
        "Previsões servidas",
        "Batimento do bot",
        "Espera na fila de envio (s)",
        "Atraso dos fechamentos (h)",
        "Tempo de resposta do bot (ms)",
        "Chamadas ao modelo",
        "Latência do modelo (ms)",
        "Taxa de erro do modelo (%)",
        "Memória do modelo (%)",
        "Chamadas simultâneas (% do limite)",
        "Partida a frio do modelo (ms)",
        "Linhas de log do modelo",
        "Bytes de log do modelo",
        "CPU do bot (%)",
        "Memória do bot (%)",
        "Disco do bot (%)",
        "Alarmes na fila",
    ]


def test_machines_show_their_cpu_memory_and_disk() -> None:
    """What the dashboard before this one showed is all still there."""
    shown = titles(deployment(endpoint=INSTANCES, bot=Bot.NONE))

    assert shown == [
        "Alarmes",
        "Chamadas ao modelo",
        "Latência do modelo (ms)",
        "Taxa de erro do modelo (%)",
        "CPU do modelo (% de um núcleo)",
        "Memória do modelo (%)",
        "Disco do modelo (%)",
        "Chamadas simultâneas",
        "Linhas de log do modelo",
        "Bytes de log do modelo",
        "Alarmes na fila",
    ]


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_only_metrics_that_the_endpoint_publishes_are_drawn(options: Options) -> None:
    """An empty chart looks like a fault."""
    asked = {name for namespace, name in drawn(options) if "sagemaker" in namespace.lower()}
    more = MACHINES_PUBLISH | {"CPUUtilization", "DiskUtilization", "ConcurrentRequestsPerModel"}
    extra = set() if isinstance(options.endpoint, Serverless) else more

    assert asked <= SERVERLESS_METRICS | extra


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_widgets_lie_side_by_side(options: Options) -> None:
    """CloudWatch moves overlapping widgets as it likes."""
    cells = [
        (x, y)
        for widget in body(options)["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_everything_that_the_bot_publishes_is_drawn(options: Options) -> None:
    """A metric that nobody sees is paid for all the same."""
    written = {(metric.namespace, metric.name) for metric in metrics.written(options)}

    assert written <= drawn(options)


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_formulas_use_lines_of_their_own_chart(options: Options) -> None:
    """CloudWatch draws nothing for a formula with an unknown name."""
    for widget in body(options)["widgets"]:
        lines = widget["properties"].get("metrics", [])
        names = {line[-1]["id"] for line in lines if "id" in line[-1]}
        used = {
            name
            for line in lines
            if isinstance(line[0], dict)
            for name in re.findall(r"\b[a-z]\w*\b", line[0]["expression"])
        }

        assert used <= names


def test_the_names_are_those_that_the_bot_publishes() -> None:
    """A chart of another name is empty, and its alarm quiet."""
    assert set(metrics.OWN_NAMES) == {name.value for name in Name}


def test_microseconds_are_shown_as_milliseconds() -> None:
    """Nobody reads 449079 as 449 ms."""
    (latency,) = (
        widget["properties"]["metrics"]
        for widget in body(deployment())["widgets"]
        if widget["properties"]["title"] == "Latência do modelo (ms)"
    )

    assert [line[0]["expression"] for line in latency if isinstance(line[0], dict)] == [
        "m0 / 1000",
        "m1 / 1000",
        "m2 / 1000",
    ]


def test_error_and_coverage_stand_beside_what_they_are_held_against() -> None:
    """An error alone says nothing; nor does a coverage without its promise."""
    error, band = (body(deployment())["widgets"][at]["properties"] for at in (1, 2))

    assert [line[1] for line in error["metrics"]] == ["ForecastError", "NaiveError"]
    assert band["annotations"] == {"horizontal": [{"label": "prometido", "value": 80}]}


def test_the_page_shows_the_state_of_every_alarm() -> None:
    """The first thing to look at."""
    states = body(deployment())["widgets"][0]

    assert len(states["properties"]["alarms"]) == 11
    assert states["properties"]["alarms"][0] == (
        "arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:"
        "alarm:critico-fechamento-sem-batimento"
    )
