"""Choices are checked before anything is sent to AWS."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.stack.options import (
    Bot,
    Instances,
    Options,
    OptionsRefused,
    Serverless,
    Webhook,
)


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"name": "Fechamento"}, "name: 'Fechamento' is not 2 to 32 small letters"),
        ({"region": "sao-paulo"}, "region: 'sao-paulo' is not a region of AWS"),
        ({"tensorflow_image": "latest"}, "tensorflow_image: 'latest' is not a repository and"),
        ({"machine": "t3.small"}, "machine: 't3.small' is not an arm64 type, as t4g.small"),
        ({"token_secret_arn": "123:abc"}, "token_secret_arn: '123:abc' is not an ARN"),
        ({"alarm_email": "operador"}, "alarm_email: 'operador' is not an e-mail address"),
        ({"https_subscriber": "http://a.b/sns"}, "https_subscriber: 'http://a.b/sns' is not an"),
        ({"default_ticker": "itau"}, "tickers: 'itau' is not a share of B3, as ITUB4"),
        ({"tickers": ("WEGE3",)}, "default_ticker: ITUB4 is not among the tickers"),
        ({"alarm_chats": ("@canal",)}, "alarm_chats: '@canal' is not a chat, as -100123"),
        ({"endpoint": Serverless(2500)}, "memory_mb: 2500 is not 1024, 2048, … 6144"),
        ({"endpoint": Serverless(1024, 0)}, "most_at_once: 0 is not from 1 to 200"),
        ({"endpoint": Serverless(1024, 201)}, "most_at_once: 201 is not from 1 to 200"),
        ({"endpoint": Instances("t2.medium")}, "type: 't2.medium' is not an instance type"),
        ({"endpoint": Instances(least=0)}, "instances: 0 to 2 is no range from 1 up"),
        ({"endpoint": Instances(least=3, most=2)}, "instances: 3 to 2 is no range from 1 up"),
        ({"bot": Bot.ECS}, "webhook: the bot on ECS needs a host name and its certificate"),
        ({"every_alarm_by_email": True}, "alarm_email: every alarm by e-mail needs an address"),
        ({"tasks": 0}, "tasks: 0 would run no bot; choose Bot.NONE for that"),
    ],
)
def test_a_wrong_choice_is_refused_in_one_sentence(chosen: dict[str, Any], problem: str) -> None:
    """AWS would refuse it ten minutes later, in words of its own."""
    with pytest.raises(OptionsRefused) as refused:
        Options(**chosen)

    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(problem)


def test_all_problems_are_told_at_once() -> None:
    """One more try is enough to mend them."""
    with pytest.raises(OptionsRefused) as refused:
        Options(name="X", region="here", endpoint=Serverless(1000, 5))

    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "name",
        "region",
        "memory_mb",
    ]


@given(st.integers(0, 10_000))
def test_serverless_memory_comes_in_steps_of_a_gigabyte(memory_mb: int) -> None:
    """CloudFormation's own checks let 2500 pass; SageMaker does not."""
    in_steps = memory_mb in {1024, 2048, 3072, 4096, 5120, 6144}
    try:
        Options(endpoint=Serverless(memory_mb))
    except OptionsRefused:
        accepted = False
    else:
        accepted = True

    assert accepted is in_steps


def test_the_frugal_deployment_is_the_default() -> None:
    """Somebody who chooses nothing gets the cheap one, with nothing optional."""
    assert Options() == Options(
        name="fechamento",
        region="sa-east-1",
        endpoint=Serverless(memory_mb=1024, most_at_once=5),
        bot=Bot.EC2,
        machine="t4g.small",
        retrain=False,
    )


def test_the_endpoint_s_name_tells_its_kind() -> None:
    """AWS cannot turn machines into a serverless endpoint: the other kind is another one."""
    webhook = Webhook("bot.example.org", "arn:aws:acm:…")

    assert [
        Options(name="previsao").endpoint_name,
        Options(name="previsao", endpoint=Instances(), webhook=webhook).endpoint_name,
    ] == ["previsao-serverless", "previsao-instances"]
