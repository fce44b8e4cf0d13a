"""The bot on one small EC2 machine that replaces itself.

    SourceKey ──▶ launch template ──▶ group of exactly one machine ◀──attached at start── DataVolume

A group of one brings a dead machine back; a new source is a new launch template, so an update
starts a new machine after the old one let go of the volume, and is rolled back when the bot does
not answer on it.  The image is looked up when a machine starts, so a newer one is no change of the
stack.  Nothing listens to the outside; people come in by Session Manager.  What the machine does at
start stands in `on_machine/`, inside the source archive.
"""

from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource, sub, tags
from deploy.stack.environment import (
    bot_log,
    environment_file,
    reading_token,
    statements,
)
from deploy.stack.network import network, out_by_https, security_group, subnet_ids
from deploy.stack.options import Options
from deploy.stack.permissions import allow, anything, role, writing_logs
from deploy.stack.storage import SOURCES, objects

NEWEST_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
DATA_GB = 8
ROOT_GB = 8
SNAPSHOTS_KEPT = 7
INSTALLING = "PT15M"
"""Longest wait for a machine; packages of 100 MB are fetched meanwhile."""

DATA_TAG = "fechamento:data"
"""Carried by the data volume and its snapshots; its value is the stack's name."""

STACK_TAG = "fechamento:stack"
"""Carried by the machine, whose role may attach the volume to machines of this stack only."""

_INSTALL = "deploy/stack/on_machine/install.sh"
_SESSION_MANAGER = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


def bot_machine(options: Options) -> Resources:
    """Network, volume with its snapshots, log, role and the group of one machine."""
    return {
        **network(options, zones=1),
        **_data(options),
        **bot_log(options),
        "BotRole": role("ec2", [*statements(options), *_machine_statements(options)]),
        "BotProfile": resource("IAM::InstanceProfile", {"Roles": [ref("BotRole")]}),
        "BotGroup": security_group("Bot: nothing in, HTTPS out", [], out_by_https()),
        "LaunchTemplate": resource(
            "EC2::LaunchTemplate", {"LaunchTemplateData": _launched(options)}
        ),
        "Machines": _machines(options),
    }


def _data(options: Options) -> Resources:
    return {
        "DataVolume": resource(
            "EC2::Volume",
            {
                "AvailabilityZone": att("SubnetA", "AvailabilityZone"),
                "Size": DATA_GB,
                "VolumeType": "gp3",
                "Encrypted": True,
                "Tags": [{"Key": DATA_TAG, "Value": options.name}],
            },
            # Subscriptions and the record of forecasts outlive a mistaken removal.
            DeletionPolicy="Snapshot",
            UpdateReplacePolicy="Snapshot",
        ),
        "SnapshotRole": role("dlm", _snapshot_statements()),
        "Snapshots": resource("DLM::LifecyclePolicy", _snapshots(options)),
    }


def _snapshots(options: Options) -> Json:
    return {
        "Description": f"Daily snapshots of {options.name}",
        "State": "ENABLED",
        "ExecutionRoleArn": att("SnapshotRole", "Arn"),
        "PolicyDetails": {
            "ResourceTypes": ["VOLUME"],
            "TargetTags": [{"Key": DATA_TAG, "Value": options.name}],
            "Schedules": [
                {
                    "Name": "daily",
                    "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["05:00"]},
                    "RetainRule": {"Count": SNAPSHOTS_KEPT},
                    "CopyTags": True,
                }
            ],
        },
    }


def _snapshot_statements() -> list[Json]:
    snapshots = sub("arn:${AWS::Partition}:ec2:${AWS::Region}::snapshot/*")
    making = {"StringEquals": {"ec2:CreateAction": "CreateSnapshot"}}
    ours = {"StringLike": {"aws:ResourceTag/aws:dlm:lifecycle-policy-id": "*"}}
    return [
        anything("ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"),
        allow(("ec2:CreateSnapshot",), arn("ec2", "volume/${DataVolume}"), snapshots),
        allow(("ec2:CreateTags",), snapshots, when=making),
        allow(("ec2:DeleteSnapshot",), snapshots, when=ours),
    ]


def _machine_statements(options: Options) -> list[Json]:
    this_one = {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": options.name}}
    return [
        reading_token(options),
        allow(("s3:GetObject",), objects(f"{SOURCES}*")),
        allow(("ec2:AttachVolume",), arn("ec2", "volume/${DataVolume}")),
        allow(("ec2:AttachVolume",), arn("ec2", "instance/*"), when=this_one),
        allow(("cloudformation:SignalResource",), ref("AWS::StackId")),
        writing_logs(arn("logs", "log-group:${BotLog}")),
        anything(*_SESSION_MANAGER),
    ]


def _launched(options: Options) -> Json:
    return {
        "ImageId": f"resolve:ssm:{NEWEST_IMAGE}",
        "InstanceType": options.machine,
        "IamInstanceProfile": {"Arn": att("BotProfile", "Arn")},
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "AssociatePublicIpAddress": True,
                "DeleteOnTermination": True,
                "Groups": [ref("BotGroup")],
            }
        ],
        "MetadataOptions": {
            "HttpEndpoint": "enabled",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
        },
        # Bursts are throttled, not billed.
        "CreditSpecification": {"CpuCredits": "standard"},
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"VolumeSize": ROOT_GB, "VolumeType": "gp3", "Encrypted": True},
            }
        ],
        "UserData": {"Fn::Base64": {"Fn::Join": ["", _user_data(options)]}},
    }


def _user_data(options: Options) -> list[str | Json]:
    """A script that fetches the source and runs what it says; the signal ends every outcome."""
    token = "${TokenSecretArn}" if options.token_secret_arn else "${TokenSecret}"
    start = sub(
        "#!/bin/bash\n"
        "set -eu\n"
        "trap '/opt/aws/bin/cfn-signal --exit-code $? --stack ${AWS::StackName}"
        " --resource Machines --region ${AWS::Region}' EXIT\n"
        "mkdir -p /etc/fechamento /opt/fechamento\n"
        "aws s3 cp --only-show-errors --region ${AWS::Region}"
        " s3://${Bucket}/${SourceKey} /opt/fechamento/source.zip\n"
        "python3 -m zipfile -e /opt/fechamento/source.zip /opt/fechamento/source\n"
        "cat > /etc/fechamento/machine <<'END'\n"
        "AWS_DEFAULT_REGION=${AWS::Region}\n"
        "VOLUME=${DataVolume}\n"
        "LOG_GROUP=${BotLog}\n"
        f"TOKEN_SECRET={token}\n"
        "END\n"
        "cat > /etc/fechamento/environment <<'END'\n"
    )
    run = f"END\nbash /opt/fechamento/source/{_INSTALL}\n"
    return [start, environment_file(options), run]


def _named(options: Options) -> list[Json]:
    return [*tags(Name=options.name), {"Key": STACK_TAG, "Value": options.name}]


def _machines(options: Options) -> Json:
    return resource(
        "AutoScaling::AutoScalingGroup",
        {
            "MinSize": "1",
            "MaxSize": "1",
            "VPCZoneIdentifier": subnet_ids(1),
            "LaunchTemplate": {
                "LaunchTemplateId": ref("LaunchTemplate"),
                "Version": att("LaunchTemplate", "LatestVersionNumber"),
            },
            "Tags": [{**tag, "PropagateAtLaunch": True} for tag in _named(options)],
        },
        CreationPolicy={"ResourceSignal": {"Count": 1, "Timeout": INSTALLING}},
        # The old machine goes first: two bots on one token would steal each other's updates.
        UpdatePolicy={
            "AutoScalingRollingUpdate": {
                "MinInstancesInService": 0,
                "MaxBatchSize": 1,
                "WaitOnResourceSignals": True,
                "PauseTime": INSTALLING,
            }
        },
        DependsOn=["RouteOut", "SubnetARoutes", "QueueSubscription"],
    )
