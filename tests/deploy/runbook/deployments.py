"""Deployments that together have everything a stack can have."""

from typing import Any

from deploy.stack.options import Bot, Instances, Options, Serving, Uploads, Webhook
from deploy.stack.template import template

UPLOADS = Uploads("artifacts/cafe/model.tar.gz", "cafe", "sources/cafe.zip", "cafe")
WEBHOOK = Webhook("bot.example.com", "arn:aws:acm:sa-east-1:123456789012:certificate/1")
EVERY = (
    Options(uploads=UPLOADS, alarm_email="equipe@example.com", retrain=True),
    Options(uploads=UPLOADS, endpoint=Instances()),
    Options(uploads=UPLOADS, bot=Bot.ECS, webhook=WEBHOOK),
    Options(uploads=UPLOADS, bot=Bot.NONE, serving=Serving.TENSORFLOW),
)


def resources() -> dict[str, str]:
    """Logical ids of every resource, with their types."""
    found: dict[str, Any] = {}
    for options in EVERY:
        found |= template(options)["Resources"]
    return {name: one["Type"] for name, one in found.items()}


def outputs() -> set[str]:
    """Names of every output."""
    return {name for options in EVERY for name in template(options)["Outputs"]}
