"""A training job watched to its end, and its artifact brought home.

AWS is botocore's Stubber here: moto's jobs are completed at once and leave no artifact.
"""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from deploy.refusals import NothingThere
from deploy.training.following import TrainingFailed, TrainingJobs
from model.artifact import CARD, load
from model.errors import ArtifactCorrupted
from tests.artifacts import make_tiny_artifact

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

JOB = "fechamento-train-20261123120000"
ADDRESS = f"s3://fechamento-bucket/trained/{JOB}/output/model.tar.gz"


@dataclass
class Aws:
    """SageMaker and S3 that answer what they are told to."""

    sagemaker: "SageMakerClient"
    s3: "S3Client"
    told: Stubber
    kept: Stubber
    waited: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def jobs(self) -> TrainingJobs:
        """The jobs of this account."""
        return TrainingJobs(self.sagemaker, self.s3, self.waited.append, self.shown.append)

    def tells(self, status: str, secondary: str, sentence: str = "", **more: Any) -> None:
        """The next answer about the job."""
        at = datetime(2026, 11, 23, tzinfo=UTC)
        transition = {"Status": secondary, "StartTime": at, "StatusMessage": sentence}
        answer = {
            "TrainingJobName": JOB,
            "TrainingJobArn": f"arn:aws:sagemaker:sa-east-1:123456789012:training-job/{JOB}",
            "ModelArtifacts": {"S3ModelArtifacts": ADDRESS},
            "TrainingJobStatus": status,
            "SecondaryStatus": secondary,
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"VolumeSizeInGB": 30},
            "StoppingCondition": {},
            "CreationTime": at,
            "SecondaryStatusTransitions": [transition],
        }
        self.told.add_response("describe_training_job", answer | more, {"TrainingJobName": JOB})

    def keeps(self, content: bytes) -> None:
        """What the bucket holds as the job's result."""
        body = StreamingBody(io.BytesIO(content), len(content))
        asked = {"Bucket": "fechamento-bucket", "Key": f"trained/{JOB}/output/model.tar.gz"}
        self.kept.add_response("get_object", {"Body": body}, asked)


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An account in which nothing is asked that was not expected."""
    session = boto3.Session("AKID", "secret", region_name="sa-east-1")
    sagemaker, s3 = session.client("sagemaker"), session.client("s3")
    with Stubber(sagemaker) as told, Stubber(s3) as kept:
        yield Aws(sagemaker, s3, told, kept)
        told.assert_no_pending_responses()
    sagemaker.close()
    s3.close()


def packed(folder: Path) -> bytes:
    """The folder as SageMaker packs /opt/ml/model."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.add(folder, arcname=".")
    return content.getvalue()


def test_each_state_is_told_once_with_aws_s_own_words(aws: Aws) -> None:
    """Minutes pass between two of them, and an operator wants to know what AWS is at."""
    aws.tells("InProgress", "Starting", "Preparing the instances for training")
    aws.tells("InProgress", "Training", "Training image download completed.")
    aws.tells("InProgress", "Training", "Training image download completed.")
    aws.tells("Completed", "Completed")

    assert aws.jobs.follow(JOB) == ADDRESS
    assert aws.shown == [
        f"{JOB}: Starting - Preparing the instances for training",
        f"{JOB}: Training - Training image download completed.",
        f"{JOB}: Completed",
    ]
    assert aws.waited == [10.0, 10.0, 10.0]


@pytest.mark.parametrize(
    ("status", "more", "why"),
    [
        (
            "Failed",
            {"FailureReason": "AlgorithmError: exit code 1.\n"},
            "AlgorithmError: exit code 1",
        ),
        ("Stopped", {}, "AWS gives no reason"),
    ],
)
def test_a_job_that_ended_badly_says_why_and_where_its_log_is(
    aws: Aws, status: str, more: dict[str, str], why: str
) -> None:
    """The log of the job is the only place where the script's own words are."""
    aws.tells(status, status, **more)
    with pytest.raises(TrainingFailed) as raised:
        aws.jobs.follow(JOB)

    log = "its log is in the group /aws/sagemaker/TrainingJobs"
    assert str(raised.value) == f"{JOB} {status.lower()}: {why}; {log}"


def test_a_job_that_does_not_exist_is_aws_s_refusal(aws: Aws) -> None:
    """A mistyped --job must not be waited for."""
    aws.told.add_client_error(
        "describe_training_job", "ValidationException", "Requested resource not found.", 400
    )

    with pytest.raises(ClientError, match=r"Requested resource not found\."):
        aws.jobs.follow("fechamento-tren")


def test_the_artifact_comes_home_whole(aws: Aws, tmp_path: Path) -> None:
    """It takes the place of the one before, and loads."""
    artifact = make_tiny_artifact(tmp_path / "trained")
    out = tmp_path / "home" / "challenger"
    out.mkdir(parents=True)
    (out / "of-the-one-before").touch()
    aws.keeps(packed(artifact))
    aws.jobs.fetched(ADDRESS, out)

    assert load(out).card == load(artifact).card
    assert sorted(path.name for path in out.iterdir()) == ["card.json", "model.onnx", "saved_model"]
    assert [path.name for path in out.parent.iterdir()] == ["challenger"]


def spoilt(folder: Path) -> bytes:
    """An artifact with another graph than its card vouches for."""
    artifact = make_tiny_artifact(folder / "spoilt")
    (artifact / "model.onnx").write_bytes(b"another")
    return packed(artifact)


def escaping(_: Path) -> bytes:
    """An archive that would write beside the folder."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../escaped"))
    return content.getvalue()


def cut_off(folder: Path) -> bytes:
    """Half an archive."""
    whole = packed(make_tiny_artifact(folder / "cut"))
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (spoilt, ArtifactCorrupted),
        (escaping, NothingThere),
        (cut_off, NothingThere),
        (lambda _: b"no archive", NothingThere),
        (lambda _: b"", NothingThere),
    ],
)
def test_what_is_no_artifact_replaces_nothing(
    aws: Aws, tmp_path: Path, content: Any, refusal: type[Exception]
) -> None:
    """The challenger of last month is worth more than half of this month's."""
    out = make_tiny_artifact(tmp_path / "home" / "challenger")
    aws.keeps(content(tmp_path))
    with pytest.raises(refusal):
        aws.jobs.fetched(ADDRESS, out)

    assert load(out).card["name"] == "tiny"
    assert [path.name for path in out.parent.iterdir()] == ["challenger"]
    assert not (tmp_path / "escaped").exists()
    assert (out / CARD).exists()
