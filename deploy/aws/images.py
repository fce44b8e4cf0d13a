"""ECR and CodeBuild: images by tag, built from an uploaded source archive when they are missing.

A tag is the hash of the source, so an image that is there is the right one.  A build that an
interrupted run has started is waited for instead of being started again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy.aws.failures import code_of
from deploy.refusals import BuildFailed

if TYPE_CHECKING:
    from mypy_boto3_codebuild import CodeBuildClient
    from mypy_boto3_codebuild.type_defs import BuildTypeDef
    from mypy_boto3_ecr import ECRClient

POLL_SECONDS = 10.0
TAG_VARIABLE = "IMAGE_TAG"
_NEWEST = 20
"""Builds that are looked at for one under way; more than ever run at once."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the build finds its source, and the tag that its images get."""

    bucket: str
    key: str
    tag: str


@dataclass(frozen=True, slots=True)
class Images:
    """Repositories and the project that fills them.

    Attributes:
        wait: lets so many seconds pass.
    """

    ecr: "ECRClient"
    codebuild: "CodeBuildClient"
    wait: Callable[[float], None]

    def holds(self, repository: str, tag: str) -> bool:
        """Whether the repository has an image of this tag."""
        try:
            self.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])
        except ClientError as error:
            if code_of(error) == "ImageNotFoundException":
                return False
            raise
        return True

    def build(self, project: str, source: Source, shown: Callable[[str], None]) -> None:
        """Build the images and wait for them.

        Args:
            project: of CodeBuild.
            source: what is built, and as what.
            shown: gets the name of each phase that the build comes to.

        Raises:
            BuildFailed: with CodeBuild's reason and where its log is.
        """
        build = self._under_way(project, source.tag) or self._started(project, source)
        phase = ""
        while True:
            found = self.codebuild.batch_get_builds(ids=[build])["builds"][0]
            if found.get("currentPhase", "") != phase:
                phase = found.get("currentPhase", "")
                shown(phase)
            if found.get("buildStatus") != "IN_PROGRESS":
                break
            self.wait(POLL_SECONDS)
        if found.get("buildStatus") != "SUCCEEDED":
            raise BuildFailed(_reason(found))

    def _under_way(self, project: str, tag: str) -> str | None:
        listed = self.codebuild.list_builds_for_project(projectName=project, sortOrder="DESCENDING")
        newest = listed.get("ids", [])[:_NEWEST]
        if not newest:
            return None
        for build in self.codebuild.batch_get_builds(ids=newest)["builds"]:
            given = build.get("environment", {}).get("environmentVariables", [])
            if build.get("buildStatus") == "IN_PROGRESS" and any(
                one["name"] == TAG_VARIABLE and one["value"] == tag for one in given
            ):
                return build["id"]
        return None

    def _started(self, project: str, source: Source) -> str:
        return self.codebuild.start_build(
            projectName=project,
            sourceTypeOverride="S3",
            sourceLocationOverride=f"{source.bucket}/{source.key}",
            environmentVariablesOverride=[{"name": TAG_VARIABLE, "value": source.tag}],
        )["build"]["id"]


def _reason(build: "BuildTypeDef") -> str:
    log = build.get("logs", {}).get("deepLink", "CloudWatch")
    for phase in build.get("phases", []):
        if phase.get("phaseStatus") not in {None, "SUCCEEDED"}:
            told = [one.get("message", "") for one in phase.get("contexts", [])]
            why = next(filter(None, told), phase.get("phaseStatus", ""))
            return f"the build failed in {phase['phaseType']}: {why.rstrip('.')}; its log: {log}"
    return f"the build ended with {build.get('buildStatus')}; its log: {log}"
