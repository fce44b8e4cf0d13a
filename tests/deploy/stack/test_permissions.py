"""Who may do what to what: every action and every resource of the stack, written down twice."""

import json
from typing import Any

import pytest

from deploy.stack.options import Bot, Options, Serving
from deploy.stack.permissions import WITHOUT_RESOURCES, anything
from tests.deploy.stack.deployments import (
    deployment,
    every_deployment,
    named,
    of_type,
    properties,
)

Permissions = dict[str, list[str]]

_LOGGING = "logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents"
_PULLING = "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer"
_PUSHING = (
    "ecr:CompleteLayerUpload ecr:DescribeImages ecr:InitiateLayerUpload ecr:PutImage "
    "ecr:UploadLayerPart"
)
_TENSORFLOW = "ecr:${AWS::Region}:763104351884:repository/tensorflow"

ENDPOINT: Permissions = {
    "s3:GetObject": ["Bucket.Arn/artifacts/*"],
    "ecr:GetAuthorizationToken": ["*"],
    _PULLING: ["ServingRepository.Arn"],
    _LOGGING: ["logs:log-group:/aws/sagemaker/Endpoints/fechamento-serverless", "same:*"],
    "cloudwatch:PutMetricData": ["* when cloudwatch:namespace is AWS/SageMaker, /aws/sagemaker/*"],
}
BUILD: Permissions = {
    "s3:GetObject s3:GetObjectVersion": ["Bucket.Arn/sources/*"],
    "ecr:GetAuthorizationToken": ["*"],
    f"{_PULLING} {_PUSHING}": ["ServingRepository.Arn"],
    _LOGGING: ["logs:log-group:BuildLog", "same:*"],
}
TRAINING: Permissions = {
    "s3:ListBucket": ["Bucket.Arn"],
    "s3:GetObject": ["Bucket.Arn/closes/*", "Bucket.Arn/sources/*", "Bucket.Arn/trained/*"],
    "s3:AbortMultipartUpload s3:PutObject": ["Bucket.Arn/trained/*"],
    "ecr:GetAuthorizationToken": ["*"],
    _PULLING: [f"{_TENSORFLOW}-training"],
    "logs:CreateLogGroup": ["logs:log-group:/aws/sagemaker/TrainingJobs"],
    _LOGGING: ["logs:log-group:/aws/sagemaker/TrainingJobs", "same:*"],
    "cloudwatch:PutMetricData": ["* when cloudwatch:namespace is /aws/sagemaker/*"],
}
BOT: Permissions = {
    "sagemaker:InvokeEndpoint": ["sagemaker:endpoint/fechamento-serverless"],
    "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:ReceiveMessage": ["AlarmQueue.Arn"],
    "sns:ConfirmSubscription": ["Alarms"],
    "cloudwatch:PutAlarmMuteRule": [
        "cloudwatch:alarm:*-fechamento-*",
        "cloudwatch:alarm-mute-rule:*",
    ],
    "cloudwatch:DescribeAlarms cloudwatch:GetMetricWidgetImage": ["*"],
    "cloudwatch:PutMetricData": ["* when cloudwatch:namespace is Fechamento"],
}
MACHINE: Permissions = {
    **BOT,
    "secretsmanager:GetSecretValue": ["TokenSecret"],
    "s3:GetObject": ["Bucket.Arn/sources/*"],
    "ec2:AttachVolume": [
        "ec2:volume/DataVolume",
        "ec2:instance/* when aws:ResourceTag/fechamento:stack is fechamento",
    ],
    "cloudformation:SignalResource": ["AWS::StackId"],
    _LOGGING: ["logs:log-group:BotLog", "same:*"],
    "ssm:UpdateInstanceInformation ssmmessages:CreateControlChannel "
    "ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel "
    "ssmmessages:OpenDataChannel": ["*"],
}
SNAPSHOTS: Permissions = {
    "ec2:DescribeInstances ec2:DescribeSnapshots ec2:DescribeVolumes": ["*"],
    "ec2:CreateSnapshot": ["ec2:volume/DataVolume", "any snapshot"],
    "ec2:CreateTags": ["any snapshot when ec2:CreateAction is CreateSnapshot"],
    "ec2:DeleteSnapshot": ["any snapshot when aws:ResourceTag/aws:dlm:lifecycle-policy-id is *"],
}
START: Permissions = {
    "ecr:GetAuthorizationToken": ["*"],
    _PULLING: ["BotRepository.Arn"],
    _LOGGING: ["logs:log-group:BotLog", "same:*"],
    "secretsmanager:GetSecretValue": ["DatabaseSecret", "TokenSecret", "WebhookSecret"],
}
RETRAIN: Permissions = {
    "sagemaker:AddTags sagemaker:CreateTrainingJob": ["sagemaker:training-job/fechamento-*"],
    "iam:PassRole": ["TrainingRole.Arn when iam:PassedToService is sagemaker.amazonaws.com"],
    "sqs:SendMessage": ["LostAlarms.Arn"],
}


def granted(options: Options) -> dict[str, Permissions]:
    """What each role may do: actions, and the resources in short words."""
    found: dict[str, Permissions] = {}
    for name, role in of_type(options, "IAM::Role").items():
        (policy,) = role["Properties"]["Policies"]
        mine = found.setdefault(name, {})
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = " ".join(statement["Action"])
            mine.setdefault(actions, []).extend(_resources(statement))
    return found


def _resources(statement: dict[str, Any]) -> list[str]:
    when = ""
    for condition in statement.get("Condition", {}).values():
        ((key, value),) = condition.items()
        when = f" when {key} is {', '.join(value) if isinstance(value, list) else value}"
    return [f"{_short(one)}{when}" for one in statement["Resource"]]


def _short(resource: object) -> str:
    match resource:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(text)}:
            return _bare(text)
        case {"Fn::Join": ["", [_, ":*"]]}:
            return "same:*"
    return str(resource)


def _bare(text: str) -> str:
    text = text.removeprefix("arn:${AWS::Partition}:")
    if text == "ec2:${AWS::Region}::snapshot/*":
        return "any snapshot"
    text = text.replace("${AWS::Region}:${AWS::AccountId}:", "")
    return text if "763104351884" in text else text.replace("${", "").replace("}", "")


def sorted_lists(granted: dict[str, Permissions]) -> dict[str, Permissions]:
    """The same, without regard to the order of resources."""
    return {
        role: {actions: sorted(at) for actions, at in permissions.items()}
        for role, permissions in granted.items()
    }


def test_on_a_machine_the_roles_may_do_this_and_no_more() -> None:
    """Whoever widens a role has to say so here."""
    assert sorted_lists(granted(deployment())) == sorted_lists(
        {
            "BuildRole": BUILD,
            "EndpointRole": ENDPOINT,
            "TrainingRole": TRAINING,
            "SnapshotRole": SNAPSHOTS,
            "BotRole": MACHINE,
        }
    )


def test_on_ecs_the_roles_may_do_this_and_no_more() -> None:
    """The bot's own role there reads no secret: ECS hands them over at the start."""
    options = deployment(bot=Bot.ECS, serving=Serving.TENSORFLOW, retrain=True)

    assert sorted_lists(granted(options)) == sorted_lists(
        {
            "BuildRole": BUILD | {f"{_PULLING} {_PUSHING}": ["BotRepository.Arn"]},
            "EndpointRole": ENDPOINT | {_PULLING: [f"{_TENSORFLOW}-inference"]},
            "TrainingRole": TRAINING,
            "StartRole": START,
            "BotRole": BOT,
            "RetrainRole": RETRAIN,
        }
    )


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_no_role_may_do_anything_it_likes(options: Options) -> None:
    """A star in an action grants what AWS invents next year."""
    for permissions in granted(options).values():
        for actions, resources in permissions.items():
            everywhere = [one for one in resources if one.split(" when ")[0] == "*"]

            assert "*" not in actions
            assert not everywhere or set(actions.split()) <= WITHOUT_RESOURCES.keys()


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_no_policy_lets_strangers_in(options: Options) -> None:
    """Bucket, topics and queue are for services of this account, under a condition."""
    kinds = ("S3::BucketPolicy", "SNS::TopicPolicy", "SQS::QueuePolicy")
    statements = [
        statement
        for kind in kinds
        for policy in of_type(options, kind).values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    allowed = [one for one in statements if one["Effect"] == "Allow"]

    assert len(statements) > len(allowed)
    assert all(set(one["Principal"]) == {"Service"} and one["Condition"] for one in allowed)


def test_an_action_that_can_be_narrowed_may_not_be_given_for_everything() -> None:
    """The star has to be argued for, action by action."""
    with pytest.raises(KeyError, match="s3:GetObject"):
        anything("s3:GetObject")


def test_every_argued_star_is_used() -> None:
    """A reason that nobody needs any more is an open door."""
    used = json.dumps([granted(options) for options in every_deployment()])

    assert [action for action in WITHOUT_RESOURCES if action not in used] == []


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_a_service_takes_only_its_own_role(options: Options) -> None:
    """And no person, account or wildcard takes any."""
    takers = {
        name: role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
        for name, role in of_type(options, "IAM::Role").items()
    }
    on_ec2 = options.bot is Bot.EC2
    services = {
        "BuildRole": "codebuild",
        "EndpointRole": "sagemaker",
        "TrainingRole": "sagemaker",
        "SnapshotRole": "dlm",
        "BotRole": "ec2" if on_ec2 else "ecs-tasks",
        "StartRole": "ecs-tasks",
        "RetrainRole": "scheduler",
    }

    assert takers == {name: {"Service": f"{services[name]}.amazonaws.com"} for name in takers}


def test_the_monthly_training_starts_jobs_of_its_own_name_only() -> None:
    """The name's first letters are the permission's."""
    job = json.loads(properties(deployment(retrain=True), "Retrain")["Target"]["Input"]["Fn::Sub"])

    assert job["TrainingJobName"] == "fechamento-<aws.scheduler.execution-id>"
