"""What the SageMaker SDK asks AWS for, against moto's server.

moto checks neither the role nor the image nor the machine's type, and its job is completed at once
without training anything: what is tested here is the request, and that the channels hold files.
The SDK runs in a process of its own, since it takes over logging and the environment.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.deploy.training.moto_account import REGION, moto_account
from tests.loopback import listening
from tests.random_shares import random_share, write_csv

BUCKET = "fechamento-bucket"
ROLE = "arn:aws:iam::123456789012:role/fechamento-TrainingRole"
SEND = """
import sys, threading
from datetime import date
from pathlib import Path
from deploy.training.job import Lesson, Place
from deploy.training.sending import send
lesson = Lesson(Path(sys.argv[1]), date(2026, 6, 30), seed=7, epochs=3)
print(send(lesson, Place("fechamento", "sa-east-1", sys.argv[2], sys.argv[3], "ml.m5.large")))
for thread in threading.enumerate():
    if thread.name == "sagemaker-telemetry":
        thread.join()
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def account() -> Iterator[dict[str, str]]:
    """The environment of an account with the stack's bucket."""
    with moto_account() as variables:
        s3 = client("s3", variables)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield variables


@pytest.fixture(scope="module")
def closes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the closes of one share."""
    folder = tmp_path_factory.mktemp("closes")
    write_csv(random_share("ITUB4.SA", 100), folder)
    return folder


@pytest.fixture(scope="module")
def job(account: dict[str, str], closes: Path) -> dict[str, Any]:
    """The job that was sent, as AWS describes it."""
    sent = sending(account, closes, BUCKET)
    assert sent.returncode == 0, sent.stderr
    sagemaker = client("sagemaker", account)
    told: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName=sent.stdout.strip())
    return told


def client(service: str, variables: dict[str, str]) -> Any:
    """boto3's client of the account."""
    session: Any = boto3.Session("AKID", "secret", region_name=REGION)
    return session.client(service, endpoint_url=variables["AWS_ENDPOINT_URL"])


def sending(
    variables: dict[str, str], closes: Path, bucket: str
) -> subprocess.CompletedProcess[str]:
    """Send a lesson; the name of the job is what is printed."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}  # noqa: TID251
    return subprocess.run(
        [sys.executable, "-c", SEND, str(closes), bucket, ROLE],
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_job_takes_our_role_on_the_machine_that_was_asked_for(job: dict[str, Any]) -> None:
    """A default of the SDK would be another account's bucket, a larger machine, an endless job."""
    assert job["RoleArn"] == ROLE
    assert job["ResourceConfig"] == {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "VolumeSizeInGB": 30,
    }
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}
    assert job["OutputDataConfig"]["S3OutputPath"] == f"s3://{BUCKET}/trained"
    assert job["TrainingJobName"].startswith("fechamento-train-")


def test_the_image_is_aws_s_tensorflow_of_the_region(job: dict[str, Any]) -> None:
    """Its Python makes the venv; nothing of ours has to be built for training."""
    image = job["AlgorithmSpecification"]["TrainingImage"]

    assert f".dkr.ecr.{REGION}.amazonaws.com/tensorflow-training:" in image


def test_closes_code_and_the_sdk_s_script_lie_in_the_stack_s_bucket(
    account: dict[str, str], job: dict[str, Any]
) -> None:
    """The role of the job may read below trained/ and nowhere else."""
    channels = {
        one["ChannelName"]: one["DataSource"]["S3DataSource"]["S3Uri"]
        for one in job["InputDataConfig"]
    }
    keys = [one["Key"] for one in client("s3", account).list_objects_v2(Bucket=BUCKET)["Contents"]]

    assert sorted(channels) == ["closes", "code", "sm_drivers"]
    assert all(uri.startswith(f"s3://{BUCKET}/trained/") for uri in channels.values())
    assert channels["closes"].removeprefix(f"s3://{BUCKET}/") + "/ITUB4.SA.csv" in keys
    assert channels["code"].removeprefix(f"s3://{BUCKET}/") + "/model/network.py" in keys


def test_the_job_runs_our_script_with_our_arguments(
    account: dict[str, str], job: dict[str, Any]
) -> None:
    """The SDK writes the script that SageMaker starts; ours has to be in it, word by word."""
    prefix = next(
        one["DataSource"]["S3DataSource"]["S3Uri"].removeprefix(f"s3://{BUCKET}/")
        for one in job["InputDataConfig"]
        if one["ChannelName"] == "sm_drivers"
    )
    kept = client("s3", account).get_object(Bucket=BUCKET, Key=f"{prefix}/sm_train.sh")
    lines = kept["Body"].read().decode().splitlines()

    assert "bash deploy/training/train.sh 2026-06-30 7 3" in lines
    assert job["AlgorithmSpecification"]["ContainerEntrypoint"] == ["/bin/bash"]


def test_no_call_is_reported_to_the_makers_of_the_sdk(
    account: dict[str, str], closes: Path
) -> None:
    """The SDK tells them of every job unless it was told not to; a proxy here sees who tries."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        way_out = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.getsockname()[1]}"}
        sent = sending(account | way_out, closes, BUCKET)
        with pytest.raises(BlockingIOError):
            proxy.accept()

    assert sent.returncode == 0, sent.stderr


def test_without_the_bucket_no_job_is_begun(account: dict[str, str], closes: Path) -> None:
    """The SDK would make a bucket of that name, which no stack looks after."""
    before = client("sagemaker", account).list_training_jobs()["TrainingJobSummaries"]
    sent = sending(account, closes, "another-bucket")
    after = client("sagemaker", account).list_training_jobs()["TrainingJobSummaries"]
    buckets = [one["Name"] for one in client("s3", account).list_buckets()["Buckets"]]

    assert (sent.returncode, len(after)) == (1, len(before)), sent.stdout
    assert "NoSuchBucket" in sent.stderr.splitlines()[-1]
    assert buckets == [BUCKET]


async def forbidding(request: Request) -> Response:
    """S3 for who may look but not write; moto lets everybody do everything."""
    if request.method in {"GET", "HEAD"}:
        buckets = f"<Buckets><Bucket><Name>{BUCKET}</Name></Bucket></Buckets>"
        return Response(f"<Result>{buckets}</Result>", media_type="application/xml")
    denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    return Response(denied, 403, media_type="application/xml")


def test_a_forbidden_upload_is_one_sentence(account: dict[str, str], closes: Path) -> None:
    """The SDK raises something else for uploads than boto3 does for every other call."""
    methods = ["GET", "HEAD", "PUT", "POST"]
    s3 = Starlette(routes=[Route("/{path:path}", forbidding, methods=methods)])
    with listening(s3) as address:
        sent = sending(account | {"AWS_ENDPOINT_URL_S3": address}, closes, BUCKET)

    assert sent.stderr.splitlines()[-1].startswith(
        "deploy.refusals.AwsRefused: the closes could not be uploaded: Failed to upload"
    )


def test_a_job_carries_the_stack_s_tag(account: dict[str, str], job: dict[str, Any]) -> None:
    """Costs are told apart by it."""
    tags = client("sagemaker", account).list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]

    assert json.dumps(tags) == json.dumps([{"Key": "fechamento:stack", "Value": "fechamento"}])
