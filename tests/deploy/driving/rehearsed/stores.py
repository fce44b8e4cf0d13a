"""What the rehearsed AWS keeps besides stacks: objects, images, logs, secrets, snapshots."""
# ruff: noqa: D102 - the operations are AWS's own, described by botocore

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.deploy.driving.rehearsed.front import Answer, AwsError

ACCOUNT = "123456789012"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

Params = dict[str, Any]


@dataclass(slots=True)
class Sts:
    """Who asks."""

    def get_caller_identity(self, _: Params) -> Answer:
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/deployer", "UserId": "A"}


@dataclass(slots=True)
class S3:
    """Buckets with versions; a key written twice has two."""

    buckets: dict[str, dict[str, list[Params]]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def list_buckets(self, asked: Params) -> Answer:
        names = [name for name in self.buckets if name.startswith(asked.get("Prefix", ""))]
        return {"Buckets": [{"Name": name, "CreationDate": NOW} for name in names]}

    def get_bucket_tagging(self, asked: Params) -> Answer:
        if not self.tags.get(asked["Bucket"]):
            raise AwsError("NoSuchTagSet", "The TagSet does not exist")
        found = self.tags[asked["Bucket"]].items()
        return {"TagSet": [{"Key": key, "Value": value} for key, value in found]}

    def head_object(self, asked: Params) -> Answer:
        versions = self.buckets.get(asked["Bucket"], {}).get(asked["Key"])
        if not versions:
            raise AwsError("404", "Not Found")
        return {"Metadata": versions[-1].get("Metadata", {})}

    def put_object(self, asked: Params) -> Answer:
        if asked["Bucket"] not in self.buckets:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist")
        self.buckets[asked["Bucket"]].setdefault(asked["Key"], []).append(asked)
        return {}

    def list_object_versions(self, asked: Params) -> Answer:
        found = self.buckets[asked["Bucket"]].items()
        return {
            "IsTruncated": False,
            "Versions": [
                {"Key": key, "VersionId": str(number)}
                for key, versions in found
                for number in range(len(versions))
            ],
        }

    def delete_objects(self, asked: Params) -> Answer:
        for one in asked["Delete"]["Objects"]:
            self.buckets[asked["Bucket"]].pop(one["Key"], None)
        return {}

    def delete_bucket(self, asked: Params) -> Answer:
        if self.buckets[asked["Bucket"]]:
            raise AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty")
        del self.buckets[asked["Bucket"]]
        return {}


@dataclass(slots=True)
class Ecr:
    """Tags by repository."""

    repositories: dict[str, set[str]] = field(default_factory=dict)

    def describe_images(self, asked: Params) -> Answer:
        name, tag = asked["repositoryName"], asked["imageIds"][0]["imageTag"]
        if name not in self.repositories:
            raise AwsError("RepositoryNotFoundException", f"no repository {name}")
        if tag not in self.repositories[name]:
            raise AwsError("ImageNotFoundException", f"no image {tag}")
        return {"imageDetails": [{"imageTags": [tag]}]}


@dataclass(slots=True)
class CodeBuild:
    """Builds that take two waits; `reason` makes them fail."""

    ecr: Ecr
    projects: dict[str, str] = field(default_factory=dict)
    builds: dict[str, Params] = field(default_factory=dict)
    reason: str = ""
    pushes: bool = True

    def start_build(self, asked: Params) -> Answer:
        if asked["projectName"] not in self.projects:
            raise AwsError("ResourceNotFoundException", "Project cannot be found")
        number = f"{asked['projectName']}:{len(self.builds)}"
        self.builds[number] = {
            "id": number,
            "projectName": asked["projectName"],
            "buildStatus": "IN_PROGRESS",
            "currentPhase": "QUEUED",
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "i",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": asked["environmentVariablesOverride"],
            },
            "logs": {"deepLink": "https://logs.example/1"},
        }
        return {"build": self.builds[number]}

    def list_builds_for_project(self, asked: Params) -> Answer:
        ids = [one for one in self.builds if one.startswith(f"{asked['projectName']}:")]
        return {"ids": ids[::-1]} if ids else {}

    def batch_get_builds(self, asked: Params) -> Answer:
        return {"builds": [self.builds[one] for one in asked["ids"]]}

    def _pass_time(self) -> None:
        for build in self.builds.values():
            if build["buildStatus"] == "IN_PROGRESS":
                self._go_on(build)

    def _go_on(self, build: Params) -> None:
        repository = self.ecr.repositories.get(self.projects.get(build["projectName"], ""))
        if build["currentPhase"] == "QUEUED":
            build["currentPhase"] = "BUILD"
        elif self.reason or repository is None:
            contexts = [{"statusCode": "COMMAND_EXECUTION_ERROR", "message": self.reason}]
            failed = {"phaseType": "BUILD", "phaseStatus": "FAILED", "contexts": contexts}
            queued = {"phaseType": "QUEUED", "phaseStatus": "SUCCEEDED"}
            build |= {"buildStatus": "FAILED", "phases": [queued, failed]}
        else:
            build |= {"buildStatus": "SUCCEEDED", "currentPhase": "COMPLETED"}
            (tag,) = [one["value"] for one in build["environment"]["environmentVariables"]]
            repository |= {tag} if self.pushes else set()


@dataclass(slots=True)
class Logs:
    """Log groups by name."""

    groups: set[str] = field(default_factory=set)

    def describe_log_groups(self, asked: Params) -> Answer:
        found = [name for name in self.groups if name.startswith(asked["logGroupNamePrefix"])]
        return {"logGroups": [{"logGroupName": name} for name in sorted(found)]}

    def delete_log_group(self, asked: Params) -> Answer:
        if asked["logGroupName"] not in self.groups:
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist")
        self.groups.remove(asked["logGroupName"])
        return {}


@dataclass(slots=True)
class Secrets:
    """Values by ARN; None until one is written."""

    values: dict[str, str | None] = field(default_factory=dict)

    def describe_secret(self, asked: Params) -> Answer:
        if asked["SecretId"] not in self.values:
            raise AwsError("ResourceNotFoundException", "no such secret")
        written = self.values[asked["SecretId"]] is not None
        return {"VersionIdsToStages": {"1" * 32: ["AWSCURRENT"]} if written else {}}

    def put_secret_value(self, asked: Params) -> Answer:
        self.values[asked["SecretId"]] = asked["SecretString"]
        return {}


@dataclass(slots=True)
class Ec2:
    """Snapshots by id, with the value of the tag that marks ours."""

    snapshots: dict[str, str] = field(default_factory=dict)

    def describe_snapshots(self, asked: Params) -> Answer:
        (wanted,) = asked["Filters"]
        assert re.fullmatch(r"tag:[\w:]+", wanted["Name"])
        found = [one for one, stack in self.snapshots.items() if stack in wanted["Values"]]
        return {"Snapshots": [{"SnapshotId": one} for one in found]}

    def delete_snapshot(self, asked: Params) -> Answer:
        del self.snapshots[asked["SnapshotId"]]
        return {}


@dataclass(slots=True)
class Rds:
    """Manual snapshots of databases, by name."""

    names: list[str] = field(default_factory=list)

    def describe_db_snapshots(self, _: Params) -> Answer:
        return {"DBSnapshots": [{"DBSnapshotIdentifier": name} for name in self.names]}

    def delete_db_snapshot(self, asked: Params) -> Answer:
        self.names.remove(asked["DBSnapshotIdentifier"])
        return {}


@dataclass(slots=True)
class SageMaker:
    """Endpoints by name with their state."""

    endpoints: dict[str, str] = field(default_factory=dict)

    def describe_endpoint(self, asked: Params) -> Answer:
        name = asked["EndpointName"]
        if name not in self.endpoints:
            raise AwsError("ValidationException", f'Could not find endpoint "{name}".')
        return {
            "EndpointName": name,
            "EndpointArn": f"arn:aws:sagemaker:sa-east-1:{ACCOUNT}:endpoint/{name}",
            "EndpointStatus": self.endpoints[name],
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }


@dataclass(slots=True)
class CloudWatch:
    """Alarms in ALARM, and invocations a day."""

    firing: tuple[str, ...] = ()
    invocations: tuple[float, ...] = ()

    def describe_alarms(self, asked: Params) -> Answer:
        found = [name for name in asked["AlarmNames"] if name in self.firing]
        return {
            "MetricAlarms": [{"AlarmName": name, "StateUpdatedTimestamp": NOW} for name in found]
        }

    def get_metric_statistics(self, _: Params) -> Answer:
        return {"Datapoints": [{"Sum": each} for each in self.invocations]}
