"""The rehearsed AWS as a whole: what a stack's resources become, and what can be compared."""
# ruff: noqa: D102 - the operations are AWS's own, described by botocore

import json
from dataclasses import dataclass, field
from typing import Any

from tests.deploy.driving.rehearsed import stores
from tests.deploy.driving.rehearsed.front import Front, operations_of
from tests.deploy.driving.rehearsed.stacks import CloudFormation, Stack
from tests.deploy.driving.rehearsed.stores import ACCOUNT, Params


@dataclass(slots=True)
class Runtime:
    """Answers every invocation with `answer`, after the errors that are lined up."""

    answer: bytes = b""
    errors: list[Exception] = field(default_factory=list)

    def invoke_endpoint(self, _: Params) -> Params:
        if self.errors:
            raise self.errors.pop(0)
        return {"Body": _Body(self.answer)}


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


class World:
    """One empty account."""

    def __init__(self) -> None:
        self.s3, self.ecr, self.logs, self.secrets = (
            stores.S3(), stores.Ecr(), stores.Logs(), stores.Secrets(),
        )  # fmt: skip
        self.codebuild = stores.CodeBuild(self.ecr)
        self.sagemaker, self.runtime = stores.SageMaker(), Runtime()
        self.cloudwatch, self.ec2, self.rds = stores.CloudWatch(), stores.Ec2(), stores.Rds()
        self.cloudformation = CloudFormation(self._made, self._ended)
        parts = {
            "cloudformation": self.cloudformation, "s3": self.s3, "ecr": self.ecr,
            "codebuild": self.codebuild, "logs": self.logs, "secretsmanager": self.secrets,
            "sagemaker": self.sagemaker, "sagemaker-runtime": self.runtime,
            "cloudwatch": self.cloudwatch, "ec2": self.ec2, "rds": self.rds, "sts": stores.Sts(),
        }  # fmt: skip
        operations = {
            name: operation
            for service, part in parts.items()
            for name, operation in operations_of(service, part).items()
        }
        self.front = Front(operations, self._pass_time)

    def reopened(self) -> None:
        """Another process comes: nothing kills it, and its calls are counted anew."""
        self.front.dies_at = self.front.calls = 0
        self.front.counted.clear()

    def facts(self) -> dict[str, Any]:
        """What a run has led to, apart from generated ids and history."""
        alive = [one for one in self.cloudformation.stacks if one.status != "DELETE_COMPLETE"]
        return {
            "stacks": [
                (one.name, one.status.removeprefix("UPDATE_").removeprefix("CREATE_"),
                 one.parameters, sorted(one.resources))
                for one in alive
            ],
            "change sets": [
                one.name
                for one in self.cloudformation.change_sets
                if one.execution != "EXECUTE_COMPLETE"
            ],
            "objects": sorted(
                (key, len(versions))
                for bucket in self.s3.buckets.values()
                for key, versions in bucket.items()
            ),
            "buckets": len(self.s3.buckets),
            "images": self.ecr.repositories,
            "builds": len(self.codebuild.builds),
            "endpoints": self.sagemaker.endpoints,
            "secrets": list(self.secrets.values.values()),
            "logs": sorted(self.logs.groups),
            "snapshots": (sorted(self.ec2.snapshots), self.rds.names),
        }  # fmt: skip

    def _pass_time(self) -> None:
        self.cloudformation._pass_time()
        self.codebuild._pass_time()

    def _made(self, stack: Stack, logical: str, template: Params) -> str:
        described = template["Resources"][logical]
        given = described.get("Properties", {})
        physical = f"{stack.name}-{logical}-{len(self.cloudformation.stacks)}"
        match described["Type"]:
            case "AWS::S3::Bucket":
                physical = physical.lower()
                self.s3.buckets[physical] = {}
                self.s3.tags[physical] = {one["Key"]: one["Value"] for one in stack.tags}
            case "AWS::ECR::Repository":
                name = given["RepositoryName"]
                self.ecr.repositories[name] = set()
                return f"{ACCOUNT}.dkr.ecr.sa-east-1.amazonaws.com/{name}"
            case "AWS::CodeBuild::Project":
                word = logical.removesuffix("Build").lower()
                self.codebuild.projects[physical] = f"{stack.name}/{word}"
            case "AWS::SecretsManager::Secret":
                physical = f"arn:aws:secretsmanager:sa-east-1:{ACCOUNT}:secret:{physical}"
                generated = "made by AWS" if "GenerateSecretString" in given else None
                self.secrets.values[physical] = generated
            case "AWS::SageMaker::Endpoint":
                self.sagemaker.endpoints[given["EndpointName"]] = "InService"
                return str(given["EndpointName"])
            case "AWS::Logs::LogGroup":
                self.logs.groups.add(given["LogGroupName"])
                return str(given["LogGroupName"])
            case "AWS::CloudWatch::Alarm":
                return str(given["AlarmName"])
        return physical

    def _ended(self, stack: Stack, logical: str, template: Params) -> None:
        physical = stack.resources[logical]
        self.s3.buckets.pop(physical, None)
        self.ecr.repositories.pop(physical.partition("/")[2], None)
        self.codebuild.projects.pop(physical, None)
        self.secrets.values.pop(physical, None)
        self.sagemaker.endpoints.pop(physical, None)
        self.logs.groups.discard(physical)
        if template["Resources"][logical]["Type"] == "AWS::EC2::Volume":
            self.ec2.snapshots[f"snap-{len(self.ec2.snapshots)}"] = stack.name


def bands(answer: dict[str, list[float]]) -> bytes:
    """An endpoint's answer with these bands."""
    return json.dumps({"predictions": [answer]}).encode()
