"""Images: where they are kept, and the projects that build them from an uploaded source archive.

A tag is the hash of what the image is made of, so tags never move.  Nothing is built on the
operator's machine: CodeBuild runs `deploy/buildspec.yml` of the archive that it is given, once for
each image, with CONTAINERFILE, REPOSITORY and IMAGE_TAG in its environment.
"""

import json
from dataclasses import dataclass

from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource, sub
from deploy.stack.options import Bot, Options, Serving
from deploy.stack.permissions import allow, anything, from_this_account, role, writing_logs
from deploy.stack.storage import SOURCES, objects

IMAGES_KEPT = 5
LOG_DAYS = 30
BUILDSPEC = "deploy/buildspec.yml"
MINUTES_OF_A_BUILD = 30
PULLING = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSHING = (
    *PULLING,
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image of ours and how it is built.

    Attributes:
        word: first word of the logical ids `…Repository` and `…Build`.
        containerfile: path in the source archive.
        machine: CodeBuild's kind of machine, whose processor the image is for.
        runtime: CodeBuild's own image.
    """

    word: str
    containerfile: str
    machine: str
    runtime: str


SERVING_IMAGE = Image(
    "Serving",
    "deploy/containers/serving.Containerfile",
    "LINUX_CONTAINER",  # serverless inference runs x86-64 only
    "aws/codebuild/amazonlinux-x86_64-standard:5.0",
)
BOT_IMAGE = Image(
    "Bot",
    "deploy/containers/bot.Containerfile",
    "ARM_CONTAINER",  # Fargate is cheaper on arm64
    "aws/codebuild/amazonlinux-aarch64-standard:3.0",
)


def images(options: Options) -> tuple[Image, ...]:
    """The images that this deployment needs; none, and nothing is built."""
    serving = (SERVING_IMAGE,) if options.serving is Serving.CONTAINER else ()
    return (*serving, BOT_IMAGE) if options.bot is Bot.ECS else serving


def building(options: Options) -> Resources:
    """Repositories, projects, their role and their log; nothing when no image is ours."""
    wanted = images(options)
    if not wanted:
        return {}
    log = {"LogGroupName": f"/{options.name}/build", "RetentionInDays": LOG_DAYS}
    found = {
        "BuildLog": resource("Logs::LogGroup", log),
        "BuildRole": role("codebuild", _build_statements(wanted), from_this_account()),
    }
    for made in wanted:
        found[f"{made.word}Repository"] = _repository(f"{options.name}/{made.word.lower()}")
        found[f"{made.word}Build"] = resource("CodeBuild::Project", _project(made))
    return found


def image(made: Image) -> Json:
    """The address of the image that the parameter ImageTag names."""
    return sub(f"${{{made.word}Repository.RepositoryUri}}:${{ImageTag}}")


def _repository(name: str) -> Json:
    return resource(
        "ECR::Repository",
        {
            "RepositoryName": name,
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "EncryptionConfiguration": {"EncryptionType": "AES256"},
            "LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": [_newest_only()]})},
            # Images are built again from the source; the stack leaves none behind.
            "EmptyOnDelete": True,
        },
    )


def _newest_only() -> Json:
    return {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "any",
            "countType": "imageCountMoreThan",
            "countNumber": IMAGES_KEPT,
        },
        "action": {"type": "expire"},
    }


def _build_statements(wanted: tuple[Image, ...]) -> list[Json]:
    return [
        allow(("s3:GetObject", "s3:GetObjectVersion"), objects(f"{SOURCES}*")),
        anything("ecr:GetAuthorizationToken"),
        allow(_PUSHING, *(att(f"{made.word}Repository", "Arn") for made in wanted)),
        writing_logs(arn("logs", "log-group:${BuildLog}")),
    ]


def _project(made: Image) -> Json:
    return {
        "Description": f"{made.containerfile}, pushed with the tag IMAGE_TAG",
        "ServiceRole": att("BuildRole", "Arn"),
        "Source": {
            "Type": "S3",
            "Location": sub("${Bucket}/${SourceKey}"),
            "BuildSpec": BUILDSPEC,
        },
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "TimeoutInMinutes": MINUTES_OF_A_BUILD,
        "Environment": _builder(made),
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": ref("BuildLog")}},
    }


def _builder(made: Image) -> Json:
    variables = {
        "CONTAINERFILE": made.containerfile,
        "IMAGE_TAG": ref("ImageTag"),
        "REPOSITORY": att(f"{made.word}Repository", "RepositoryUri"),
    }
    return {
        "Type": made.machine,
        "ComputeType": "BUILD_GENERAL1_SMALL",
        "Image": made.runtime,
        "PrivilegedMode": True,  # Docker's daemon runs inside
        "EnvironmentVariables": [
            {"Name": name, "Value": value} for name, value in variables.items()
        ],
    }
