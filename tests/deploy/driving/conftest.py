"""What the tests of the driver share: moto's server, and the endpoint on this machine."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from deploy.aws.clients import Clients
from tests.artifacts import make_tiny_artifact
from tests.deploy.driving.checkout import small_checkout
from tests.deploy.driving.deployer import REGION, Deployer
from tests.deploy.driving.rehearsed.world import World

ROOT = Path(__file__).parents[3]
SERVICES = {"runtime": "sagemaker-runtime", "secrets": "secretsmanager"}
"""Clients whose name here is not boto3's."""


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """Address of moto's server, corrected as `corrected_moto` says."""
    # Imported, not run by -m: moto registers classes by the name of their module.
    start = "from tests.deploy.driving.corrected_moto import main; main()"
    command = [sys.executable, "-c", start]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found[0]
        process.terminate()


@pytest.fixture
def moto(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty AWS that boto3 talks to by its own settings."""
    httpx.post(f"{moto_url}/moto-api/reset", trust_env=False).raise_for_status()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    return moto_url


@pytest.fixture(scope="session")
def clients() -> Clients:
    """boto3's clients; they are never let out to any network."""
    session: Any = boto3.Session("AKIDEXAMPLE", "secret", region_name=REGION)
    made = {one.name: session.client(SERVICES.get(one.name, one.name)) for one in fields(Clients)}
    return Clients(**made)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact."""
    return make_tiny_artifact(tmp_path_factory.mktemp("artifacts") / "tiny")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of this repository, as far as the source archive is concerned."""
    return small_checkout(tmp_path_factory.mktemp("checkouts") / "checkout")


@pytest.fixture
def deployer(clients: Clients, tiny: Path, checkout: Path) -> Deployer:
    """An operator before an empty account."""
    return Deployer(World(), clients, tiny, checkout)
