"""Training on AWS: the role that every job takes and, when asked for, a job of its own every month.

    Retrain ──▶ SageMaker job ──▶ trained/ in the bucket      it ended ──TrainingEnded──▶ Alarms

The monthly job trains a challenger and no more: whether it takes the champion's place is decided by
`python -m deploy train --job …`, which somebody runs.  So the schedule has no right to change the
stack.  It reads the closes below `closes/`, which the operator keeps up to date there.
"""

import json

from deploy.stack.building import PULLING
from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource, sub
from deploy.stack.endpoint import AWS_IMAGES
from deploy.stack.options import Options
from deploy.stack.permissions import (
    allow,
    anything,
    from_this_account,
    metrics_of,
    role,
    writing_logs,
)
from deploy.stack.storage import CLOSES, SOURCES, TRAINED, objects

REPOSITORY = "tensorflow-training"
IMAGE = f"{REPOSITORY}:2.21.0-cpu-py312"
"""Gives Python; the packages are our own pins.  As `sagemaker.image_uris.retrieve` names it."""

MACHINE = "ml.m5.large"
DISK_GB = 30
LONGEST_SECONDS = 3_600
FIRST_OF_THE_MONTH = "cron(0 6 1 * ? *)"

_LOG = "/aws/sagemaker/TrainingJobs"
_NAME_LETTERS = 26
"""Of the stack's name in a job's, beside the id of the invocation; SageMaker takes 63 in all."""

_SCRIPT = (
    "mkdir /tmp/source && cd /tmp/source"
    " && python3 -m zipfile -e /opt/ml/input/data/source/*.zip ."
    " && bash deploy/training/train.sh"
)


def training_role() -> Resources:
    """What a training job may do: read its inputs, write its result, log."""
    image = f"ecr:${{AWS::Region}}:{AWS_IMAGES}:repository/{REPOSITORY}"
    statements = [
        allow(("s3:ListBucket",), att("Bucket", "Arn")),
        allow(("s3:GetObject",), *(objects(f"{at}*") for at in (CLOSES, SOURCES, TRAINED))),
        allow(("s3:AbortMultipartUpload", "s3:PutObject"), objects(f"{TRAINED}*")),
        anything("ecr:GetAuthorizationToken"),
        allow(PULLING, sub(f"arn:${{AWS::Partition}}:{image}")),
        allow(("logs:CreateLogGroup",), arn("logs", f"log-group:{_LOG}")),
        writing_logs(arn("logs", f"log-group:{_LOG}")),
        metrics_of("/aws/sagemaker/*"),
    ]
    return {"TrainingRole": role("sagemaker", statements)}


def monthly_training(options: Options) -> Resources:
    """The schedule, its role, and the notice when a job has ended; nothing unless asked for."""
    if not options.retrain:
        return {}
    return {
        "RetrainRole": role("scheduler", _starting(options), from_this_account()),
        "Retrain": resource("Scheduler::Schedule", _schedule(options)),
        "TrainingEnded": resource("Events::Rule", _notice(options)),
    }


def job_prefix(options: Options) -> str:
    """First letters of the names of this stack's own jobs."""
    return options.name[:_NAME_LETTERS].rstrip("-")


def _starting(options: Options) -> list[Json]:
    jobs = arn("sagemaker", f"training-job/{job_prefix(options)}-*")
    to_sagemaker = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    return [
        allow(("sagemaker:AddTags", "sagemaker:CreateTrainingJob"), jobs),
        allow(("iam:PassRole",), att("TrainingRole", "Arn"), when=to_sagemaker),
        allow(("sqs:SendMessage",), att("LostAlarms", "Arn")),
    ]


def _schedule(options: Options) -> Json:
    return {
        "Description": f"A challenger for {options.name}, on the first day of the month",
        "ScheduleExpression": FIRST_OF_THE_MONTH,
        "ScheduleExpressionTimezone": "America/Sao_Paulo",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob",
            "RoleArn": att("RetrainRole", "Arn"),
            "Input": sub(json.dumps(_job(options))),
            "RetryPolicy": {"MaximumRetryAttempts": 3},
            # A job that could not even be started rings like an alarm that was lost.
            "DeadLetterConfig": {"Arn": att("LostAlarms", "Arn")},
        },
    }


def _job(options: Options) -> Json:
    registry = f"{AWS_IMAGES}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}"
    return {
        "TrainingJobName": f"{job_prefix(options)}-<aws.scheduler.execution-id>",
        "RoleArn": "${TrainingRole.Arn}",
        "AlgorithmSpecification": {
            "TrainingImage": f"{registry}/{IMAGE}",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["bash", "-c"],
            "ContainerArguments": [_SCRIPT],
        },
        "InputDataConfig": [_channel("source", "${SourceKey}"), _channel("closes", CLOSES)],
        "OutputDataConfig": {"S3OutputPath": f"s3://${{Bucket}}/{TRAINED.rstrip('/')}"},
        "ResourceConfig": {
            "InstanceType": MACHINE,
            "InstanceCount": 1,
            "VolumeSizeInGB": DISK_GB,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_SECONDS},
        "Tags": [{"Key": "fechamento:stack", "Value": options.name}],
    }


def _channel(name: str, key: str) -> Json:
    at = {"S3DataType": "S3Prefix", "S3Uri": f"s3://${{Bucket}}/{key}"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": at}}


def _notice(options: Options) -> Json:
    """Told in the operators' chat; the text is a JSON string, as EventBridge wants it."""
    told = (
        "O treino <job> terminou: <state>. Para comparar com o modelo em uso e publicar o melhor: "
        "python -m deploy train --job <job>"
    )
    fields = {"job": "$.detail.TrainingJobName", "state": "$.detail.TrainingJobStatus"}
    return {
        "Description": "Tells the operators that a training job has ended",
        "EventPattern": {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Training Job State Change"],
            "detail": {
                "TrainingJobName": [{"prefix": f"{job_prefix(options)}-"}],
                "TrainingJobStatus": ["Completed", "Failed", "Stopped"],
            },
        },
        "Targets": [
            {
                "Id": "alarms",
                "Arn": ref("Alarms"),
                "InputTransformer": {
                    "InputPathsMap": fields,
                    "InputTemplate": json.dumps(told, ensure_ascii=False),
                },
            }
        ],
    }
