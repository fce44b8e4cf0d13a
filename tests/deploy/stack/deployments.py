"""Deployments to describe in tests, and ways to look into their templates."""

import json
from itertools import product
from typing import Any

from deploy.stack.cloudformation import Json
from deploy.stack.options import (
    Bot,
    Instances,
    Options,
    Serverless,
    Serving,
    Stage,
    Uploads,
    Webhook,
)
from deploy.stack.template import template

UPLOADS = Uploads(
    artifact_key=f"artifacts/{'a' * 64}/model.tar.gz",
    artifact_sha256="a" * 64,
    source_key=f"sources/{'b' * 64}.zip",
    image_tag="c" * 16,
)
WEBHOOK = Webhook(
    "bot.example.org",
    "arn:aws:acm:sa-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
)
SECRET = "arn:aws:secretsmanager:sa-east-1:123456789012:secret:token-abcdef"
EVERYTHING: dict[str, Any] = {
    "token_secret_arn": SECRET,
    "alarm_email": "operador@example.org",
    "every_alarm_by_email": True,
    "https_subscriber": "https://example.org/sns",
    "tickers": ("ITUB4", "WEGE3"),
    "admin_ids": (1, 2),
    "alarm_chats": ("-100123:7",),
    "retrain": True,
}
SERVERLESS, INSTANCES = Serverless(), Instances()


def deployment(**chosen: Any) -> Options:
    """A whole deployment with everything uploaded, and these choices."""
    webhook = WEBHOOK if chosen.get("bot") is Bot.ECS else None
    return Options(**{"uploads": UPLOADS, "webhook": webhook, **chosen})


def every_deployment() -> list[Options]:
    """Every combination of stage, endpoint, serving and bot, plain and with all extras."""
    shapes = product(Stage, (SERVERLESS, INSTANCES), Serving, Bot, ({}, EVERYTHING))
    return [
        deployment(stage=stage, endpoint=endpoint, serving=serving, bot=bot, **extras)
        for stage, endpoint, serving, bot, extras in shapes
    ]


def every_whole_deployment() -> list[Options]:
    """Those of the full stage."""
    return [options for options in every_deployment() if options.stage is Stage.FULL]


def deployments_with_every_part() -> list[Options]:
    """A few of them in which everything stands, word for word, that stands in any template."""
    holding = {named(options): _parts(options) for options in every_deployment()}
    chosen, missing = set[str](), set().union(*holding.values())
    while missing:
        fullest = max(holding, key=lambda name: len(holding[name] & missing))
        missing -= holding[fullest]
        chosen.add(fullest)
    return [options for options in every_deployment() if named(options) in chosen]


def _parts(options: Options) -> set[tuple[str, str, str]]:
    """Parameters, resources and outputs, each with all that is said of it."""
    whole = template(options)
    return {
        (section, name, json.dumps(part, sort_keys=True))
        for section in ("Parameters", "Resources", "Outputs")
        for name, part in whole[section].items()
    }


def named(options: Options) -> str:
    """What a test calls it."""
    extras = "-extras" if options.alarm_email else ""
    kind = type(options.endpoint).__name__.lower()
    return f"{options.stage}-{kind}-{options.serving}-{options.bot}{extras}"


def properties(options: Options, logical_id: str) -> Json:
    """The properties of one resource."""
    found: Json = template(options)["Resources"][logical_id]["Properties"]
    return found


def of_type(options: Options, type_: str) -> dict[str, Json]:
    """The resources of a type, as `SNS::Topic`."""
    resources = template(options)["Resources"]
    return {name: one for name, one in resources.items() if one["Type"] == f"AWS::{type_}"}
