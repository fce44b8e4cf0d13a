"""`python -m deploy train`, as an operator types it."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from deploy.aws.stack_facts import STACK_TAG
from deploy.commands import app
from model.artifact import load
from tests.deploy.training.moto_account import REGION, moto_account
from tests.deploy.training.rivals import trained, write_trembling_closes
from tests.random_shares import random_share, write_csv

BUCKET = "fechamento-bucket"
ROLE = "arn:aws:iam::123456789012:role/fechamento-TrainingRole"
TEMPLATE = f"""
Resources:
  Bucket: {{Type: "AWS::S3::Bucket", Properties: {{BucketName: {BUCKET}}}}}
Outputs:
  Bucket: {{Value: !Ref Bucket}}
  TrainingRole: {{Value: "{ROLE}"}}
"""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An account of AWS for this process."""
    with moto_account() as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield variables


@pytest.fixture
def closes(tmp_path: Path) -> Path:
    """A folder with the closes of one share."""
    folder = tmp_path / "closes"
    folder.mkdir()
    write_csv(random_share("ITUB4.SA", 400), folder)
    return folder


def client(service: str, variables: dict[str, str]) -> Any:
    """boto3's client of the account."""
    session: Any = boto3.Session("AKID", "secret", region_name=REGION)
    return session.client(service, endpoint_url=variables["AWS_ENDPOINT_URL"])


def typed(*words: str | Path) -> tuple[int, str]:
    """Exit code and everything that was printed, each run of spaces as one."""
    result = CliRunner().invoke(app, ["train", *map(str, words)])
    return result.exit_code, " ".join(result.output.split())


def test_a_day_or_a_job_has_to_be_named(closes: Path) -> None:
    """A default day would quietly leave nothing to compare on."""
    code, printed = typed("--closes", closes)

    assert code == 2
    assert "--until, or --job with the name of a job, expected" in printed


@pytest.mark.slow
def test_without_the_stack_nothing_is_uploaded(account: dict[str, str], closes: Path) -> None:
    """The bucket and the role are the stack's."""
    told = "there is no stack fechamento in sa-east-1; `apply` makes it"

    assert typed("--closes", closes, "--until", "2016-03-31") == (1, told)
    assert client("s3", account).list_buckets()["Buckets"] == []


@pytest.mark.slow
def test_wrong_choices_are_told_all_at_once_with_code_two(closes: Path, tmp_path: Path) -> None:
    """The same file as `apply` reads."""
    (tmp_path / "choices.toml").write_text('nome = "x"\nlest = 1\n', encoding="utf-8")
    code, printed = typed(
        "--closes", closes, "--until", "2016-03-31", "--choices", tmp_path / "choices.toml"
    )

    assert (code, "nome: unknown" in printed, "lest: unknown" in printed) == (2, True, True)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `apply` was called with; the whole of it is tested where it is at home."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("deploy.commands.apply", lambda **given: calls.append(given))
    return calls


@pytest.fixture
def job(account: dict[str, str], tmp_path: Path) -> str:
    """A completed job of the stack.

    moto's job is completed at once and leaves no artifact, so one is left here.
    """
    client("cloudformation", account).create_stack(
        StackName="fechamento",
        TemplateBody=TEMPLATE,
        Tags=[{"Key": STACK_TAG, "Value": "fechamento"}],
    )
    name = _completed_job(account)
    _leave_artifact(account, name, trained(tmp_path / "trained", "2015-06-30", number=2))
    return name


@pytest.mark.slow
@pytest.mark.parametrize("flags", [(), ("--no-apply",)])
def test_a_challenger_that_is_not_worse_is_published_and_deployed(
    job: str, deployed: list[dict[str, Any]], tmp_path: Path, flags: tuple[str, ...]
) -> None:
    """From the job to the endpoint with one command, unless that was not wanted."""
    champion = trained(tmp_path / "champion", "2015-06-30")
    closes, out = write_trembling_closes(tmp_path / "unseen"), tmp_path / "build" / "challenger"
    where = ("--closes", closes, "--champion", champion, "--out", out)
    code, printed = typed("--job", job, *where, *flags)

    assert (code, f"{job}: Completed" in printed) == (0, True)
    assert "tiny 2015-06-30.2 takes the place of tiny 2015-06-30.1" in printed
    assert load(champion).card["version"] == "2015-06-30.2"
    asked = {"choices": None, "name": None, "region": None, "artifact": champion}
    assert deployed == ([] if flags else [asked])


@pytest.mark.slow
def test_a_challenger_that_is_worse_is_neither_published_nor_deployed(
    job: str, closes: Path, deployed: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Exit code 1, so that a nightly job notices, and the artifact stays to be looked at."""
    champion, out = trained(tmp_path / "champion", "2015-06-30"), tmp_path / "build" / "challenger"
    where = ("--closes", closes, "--champion", champion, "--out", out)
    code, printed = typed("--job", job, *where)

    assert (code, deployed) == (1, [])
    assert "tiny 2015-06-30.1 is kept, tiny 2015-06-30.2 is refused: " in printed
    assert load(champion).card["version"] == "2015-06-30.1"
    assert load(out).card["version"] == "2015-06-30.2"


def _completed_job(account: dict[str, str]) -> str:
    job = "fechamento-train-20261123120000"
    client("sagemaker", account).create_training_job(
        TrainingJobName=job,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": "any", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/trained"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    return job


def _leave_artifact(account: dict[str, str], job: str, artifact: Path) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.add(artifact, arcname=".")
    key = f"trained/{job}/output/model.tar.gz"
    client("s3", account).put_object(Bucket=BUCKET, Key=key, Body=content.getvalue())
