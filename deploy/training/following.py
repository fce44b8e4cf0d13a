"""A job on AWS from its start to the artifact on this machine.

    job ──follow()──▶ completed ──fetched()──▶ model.tar.gz ──unpacked, checked──▶ artifact folder

Whoever is interrupted follows the same job again by its name: AWS goes on without us.
"""

import io
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deploy.refusals import NothingThere, Refused
from model.artifact import load

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import DescribeTrainingJobResponseTypeDef

POLL_SECONDS = 10.0

_ENDED_BADLY = ("Failed", "Stopped")


class TrainingFailed(Refused):
    """The job ended without a model."""


@dataclass(frozen=True, slots=True)
class TrainingJobs:
    """The training jobs of a region.

    Attributes:
        wait: lets so many seconds pass.
        shown: gets a line for each new state.
    """

    sagemaker: "SageMakerClient"
    s3: "S3Client"
    wait: Callable[[float], None]
    shown: Callable[[str], None]

    def follow(self, job: str) -> str:
        """Wait for the end of a job; gives the address of its model.tar.gz.

        Raises:
            TrainingFailed: it failed or was stopped; says why.
            ClientError: there is no such job, or AWS refuses to tell.
        """
        seen = ""
        while True:
            told = self.sagemaker.describe_training_job(TrainingJobName=job)
            if told["SecondaryStatus"] != seen:
                seen = told["SecondaryStatus"]
                self.shown(f"{job}: {_words(told)}")
            if told["TrainingJobStatus"] == "Completed":
                return told["ModelArtifacts"]["S3ModelArtifacts"]
            if told["TrainingJobStatus"] in _ENDED_BADLY:
                raise TrainingFailed(_why(job, told))
            self.wait(POLL_SECONDS)

    def fetched(self, address: str, out: Path) -> None:
        """Put the artifact of a job into `out`, replacing what is there; whole or not at all.

        Raises:
            NothingThere: the archive is none, or would write outside of the folder.
            CannotBeDone: what came is no artifact, or not what its card vouches for.
        """
        place = urlsplit(address)
        packed = self.s3.get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))["Body"].read()
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
            fresh = Path(scratch) / "artifact"
            _unpacked(packed, fresh)
            load(fresh)
            if out.exists():
                shutil.move(out, Path(scratch) / "replaced")
            fresh.rename(out)


def _unpacked(packed: bytes, folder: Path) -> None:
    folder.mkdir()
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise NothingThere(f"the job's model.tar.gz cannot be unpacked: {error}") from error


def _words(told: "DescribeTrainingJobResponseTypeDef") -> str:
    """AWS's own words for the newest state, `Downloading` and a sentence about it."""
    newest = told.get("SecondaryStatusTransitions", [])[-1:]
    sentences = [one["StatusMessage"] for one in newest if one.get("StatusMessage")]
    return " - ".join([told["SecondaryStatus"], *sentences])


def _why(job: str, told: "DescribeTrainingJobResponseTypeDef") -> str:
    reason = told.get("FailureReason", "AWS gives no reason").strip().rstrip(".")
    log = "its log is in the group /aws/sagemaker/TrainingJobs"
    return f"{job} {told['TrainingJobStatus'].lower()}: {reason}; {log}"
