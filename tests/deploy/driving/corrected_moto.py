"""moto's server on this machine, with what it does unlike AWS put right; `main` runs in a process.

Each correction below names the imperfection of moto 5.2.5 that it works around.  What moto leaves
out altogether is left out here too: policies, subscriptions, alarms and scaling are ignored, events
of single resources are not written, and nothing ever fails or rolls back.
"""

import json
import sys
import warnings
from typing import Any

from moto.cloudformation.models import ChangeSet
from moto.cloudformation.responses import CloudFormationResponse
from moto.codebuild.models import codebuild_backends
from moto.codebuild.responses import CodeBuildResponse
from moto.core.common_models import CloudFormationModel
from moto.ecr.models import Repository, ecr_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.sagemaker.models import FakeEndpoint
from moto.server import ThreadedMotoServer

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def change_sets_change_all_of_the_stack() -> None:
    """An executed change set leaves parameters, outputs and tags of the stack as they were."""
    only_resources = ChangeSet.apply

    def apply(self: ChangeSet) -> None:
        only_resources(self)
        stack = self.stack
        stack.template, stack.template_dict = self.template, self.template_dict
        stack.parameters, stack.tags = self.parameters, self.tags or {}
        stack.output_map = stack._create_output_map()

    ChangeSet.apply = apply  # type: ignore[method-assign]


def change_sets_without_changes_fail_later() -> None:
    """AWS makes the change set and lets it fail; moto refuses to make it."""
    CloudFormationResponse._validate_different_update = lambda *_: None  # type: ignore[method-assign]


def buckets_carry_the_tags_of_their_stack() -> None:
    """Tags of a stack reach nothing but EC2."""
    untagged = FakeBucket.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]

    def tagged(cls: Any, name: str, described: Any, account: str, region: str, /, **kw: Any) -> Any:
        bucket = untagged(cls, name, described, account, region, **kw)
        stack = kw["StackId"].split("/")[1]
        tags = {"aws:cloudformation:stack-name": stack}
        s3_backends[account]["aws"].put_bucket_tagging(bucket_name=name, tags=tags)
        return bucket

    FakeBucket.create_from_cloudformation_json = classmethod(tagged)  # type: ignore[assignment, method-assign]


def repositories_are_deleted_with_their_images() -> None:
    """EmptyOnDelete is not read."""

    def delete(self: Repository, account_id: str, region_name: str) -> None:
        ecr_backends[account_id][region_name].delete_repository(self.name, force=True)

    Repository.delete = delete  # type: ignore[method-assign]


def endpoints_keep_their_names() -> None:
    """EndpointName is ignored in a template."""
    FakeEndpoint.cloudformation_name_type = staticmethod(lambda: "EndpointName")  # type: ignore[method-assign]


class Project(CloudFormationModel):
    """CloudFormation of moto knows no CodeBuild projects."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def physical_resource_id(self) -> str:
        """What Ref gives."""
        return self.name

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that names it."""
        return "Name"

    @staticmethod
    def cloudformation_type() -> str:
        """Where it stands in a template."""
        return "AWS::CodeBuild::Project"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Any:
        """Make it as the API would."""
        described = cloudformation_json["Properties"]
        codebuild_backends[account_id][region_name].create_project(
            project_name=resource_name,
            description=described.get("Description"),
            project_source=described["Source"],
            artifacts=described["Artifacts"],
            environment=described["Environment"],
            service_role=described["ServiceRole"],
            **dict.fromkeys(
                ("tags", "cache", "timeout", "queued_timeout", "source_version", "logs_config",
                 "vpc_config")
            ),
        )  # fmt: skip
        return cls(resource_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,  # noqa: ARG003 - moto's signature
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Any:
        """Make it again under its name."""
        return cls.create_from_cloudformation_json(
            original_resource.name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete it."""
        codebuild_backends[account_id][region_name].delete_project(resource_name)


def builds_push_their_image() -> None:
    """A build of moto leaves nothing; on AWS the buildspec pushes REPOSITORY:IMAGE_TAG."""
    without_image = CodeBuildResponse.start_build

    def start_build(self: CodeBuildResponse) -> Any:
        answer = without_image(self)
        project = self.codebuild_backend.codebuild_projects[self._get_param("projectName")]
        given = project.project_metadata["environment"]["EnvironmentVariables"]
        named = {one["Name"]: one["Value"] for one in given}
        named |= {
            one["name"]: one["value"] for one in self._get_param("environmentVariablesOverride")
        }
        repository = named["REPOSITORY"].partition("/")[2]
        ecr_backends[self.current_account][self.region].put_image(
            repository, json.dumps({"mediaType": MANIFEST}), named["IMAGE_TAG"]
        )
        return answer

    CodeBuildResponse.start_build = start_build  # type: ignore[method-assign]


def main() -> None:
    """Say `listening on URL`, and listen until standard input is closed."""
    warnings.simplefilter("ignore")  # moto warns of each kind of resource that it ignores
    for correct in (
        change_sets_change_all_of_the_stack,
        change_sets_without_changes_fail_later,
        buckets_carry_the_tags_of_their_stack,
        repositories_are_deleted_with_their_images,
        endpoints_keep_their_names,
        builds_push_their_image,
    ):
        correct()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    sys.stdout.write(f"listening on http://{host}:{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
