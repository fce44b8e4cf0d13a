"""From the operator's choices to the whole CloudFormation template.

    BASE   bucket ─ repositories and build projects ─ roles of SageMaker ─ token's secret
    FULL   all that ─ topics and queues ─ endpoint ─ bot ─ alarms ─ dashboard

BASE is a part of FULL, resource by resource, so the second stage only adds.  Pure: same options,
same template.
"""

import json
from dataclasses import replace

from deploy.stack import parameters as stack_parameters
from deploy.stack.alarms import alarm_resources
from deploy.stack.building import building, images
from deploy.stack.cloudformation import Json, Resources, att, ref, sub
from deploy.stack.cluster import bot_cluster
from deploy.stack.dashboard import dashboard
from deploy.stack.endpoint import endpoint, endpoint_role
from deploy.stack.environment import token_arn, token_secret
from deploy.stack.machine import bot_machine
from deploy.stack.notices import notices
from deploy.stack.options import Bot, Options, OptionsRefused, Stage
from deploy.stack.storage import storage
from deploy.stack.training import monthly_training, training_role
from deploy.stack.watch import watch

MOST_BYTES = 51_200
"""The longest template that CloudFormation takes in a call; longer ones have to be in a bucket."""


def template(options: Options) -> Json:
    """The template of the stage that the options name.

    Raises:
        OptionsRefused: FULL before everything was uploaded.
    """
    resources = _base(options)
    if options.stage is Stage.FULL:
        _refuse_incomplete(options)
        resources |= _full(options)
    pieces = [resources, _outputs(options)]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Fechamento: forecasts of B3 closes in Telegram ({options.name})",
        "Parameters": stack_parameters.declared(stack_parameters.used(options, pieces)),
        "Resources": resources,
        "Outputs": {name: {"Value": value} for name, value in _outputs(options).items()},
    }


def parameters(options: Options) -> dict[str, str]:
    """The values of the template's parameters, by name."""
    declared = template(options)["Parameters"]
    known = stack_parameters.known(options)
    return {name: known[name].value for name in declared}


def text(options: Options) -> str:
    """The template as it is sent: JSON without needless spaces."""
    return json.dumps(template(options), ensure_ascii=False, separators=(",", ":"))


def _base(options: Options) -> Resources:
    return {
        **storage(),
        **building(options),
        **endpoint_role(options),
        **training_role(),
        **token_secret(options),
    }


def _full(options: Options) -> Resources:
    watched = watch(options)
    return {
        **notices(options),
        **endpoint(options),
        **_bot(options),
        **monthly_training(options),
        **alarm_resources(watched, options),
        **dashboard(options, watched),
    }


def _bot(options: Options) -> Resources:
    if options.bot is Bot.EC2:
        return bot_machine(options)
    return bot_cluster(options) if options.bot is Bot.ECS else {}


def _refuse_incomplete(options: Options) -> None:
    uploads = options.uploads
    needed = {"artifact_key": uploads.artifact_key, "artifact_sha256": uploads.artifact_sha256}
    if options.bot is Bot.EC2 or options.retrain or images(options):
        needed["source_key"] = uploads.source_key
    if images(options):
        needed["image_tag"] = uploads.image_tag
    if missing := [name for name, value in needed.items() if not value]:
        raise OptionsRefused(
            [f"uploads.{name}: empty, and the full stack needs it" for name in missing]
        )


def _outputs(options: Options) -> dict[str, Json]:
    found = {"Bucket": ref("Bucket"), "TrainingRole": att("TrainingRole", "Arn")}
    for made in images(options):
        found[f"{made.word}Repository"] = att(f"{made.word}Repository", "RepositoryUri")
        found[f"{made.word}Build"] = ref(f"{made.word}Build")
    if options.bot is not Bot.NONE:
        found["TokenSecret"] = token_arn(options)
    return found | _full_outputs(options) if options.stage is Stage.FULL else found


def _full_outputs(options: Options) -> dict[str, Json]:
    console = "https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home"
    page = f"{console}?region=${{AWS::Region}}#dashboards/dashboard/{options.name}"
    found = {
        "EndpointName": att("Endpoint", "EndpointName"),
        "ArtifactSha256": ref("ArtifactSha256"),
        "QueueUrl": ref("AlarmQueue"),
        "LostAlarmsUrl": ref("LostAlarms"),
        "AlarmTopic": ref("Alarms"),
        "BotAlarmTopic": ref("BotAlarms"),
        "DashboardUrl": sub(page),
    }
    if options.bot is Bot.ECS:
        found["BalancerAddress"] = att("Balancer", "DNSName")
    return found


def base_of(options: Options) -> Options:
    """The same choices, first stage."""
    return replace(options, stage=Stage.BASE)
