"""The bot's image, started as ECS and compose.yaml start it: read-only root, one writable folder.

Telegram is the local chat, in the container's network; nobody answers for the model there, which
the bot survives and says.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.containers.container import Container, Image, laid_out, possible, started
from tests.deploy.containers.containerfile import last
from tests.random_shares import random_share, write_csv

ON = "2026-02-12T11:00"
"""A Thursday on which the closes of this test are a day old."""

SETTINGS = {
    "TELEGRAM_TOKEN": "1000001:the-local-chat-needs-no-secret-token",
    "TELEGRAM_API_URL": "http://127.0.0.1:8081",
    "SAGEMAKER_ENDPOINT": "fechamento",
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "http://127.0.0.1:8082",
    "AWS_ACCESS_KEY_ID": "here",
    "AWS_SECRET_ACCESS_KEY": "here",
    "CLOSES": "csv:/closes",
}
STATE = """
import json, urllib.error, urllib.request
try:
    answer = urllib.request.urlopen("http://127.0.0.1:8080/saude").read()
except urllib.error.HTTPError as error:
    answer = error.read()
print(answer.decode())
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not possible(), reason="this machine lets nobody make namespaces"),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image."""
    return laid_out("bot", tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The volume, with the owner that the image gives it."""
    folder = tmp_path_factory.mktemp("stores")
    os.chown(folder, 65532, 65532)
    return folder


@pytest.fixture(scope="module")
def closes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Closes of one share until the day before."""
    folder = tmp_path_factory.mktemp("closes")
    folder.chmod(0o755)
    write_csv(random_share("ITUB4.SA", 2_900), folder)
    return folder


@pytest.fixture(scope="module")
def container(
    image: Image, stores: Path, closes: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Container]:
    """A container whose bot answers."""
    folders = {str(stores): "/var/lib/fechamento=rw", str(closes): "/closes"}
    root = tmp_path_factory.mktemp("root")
    chat = ("-m", "deploy.local", "--chat-port", "8081", "--until-stdin-closes")
    with (
        started(image, root, folders, "--at", ON, **SETTINGS) as running,
        running.start_beside(sys.executable, *chat) as telegram,
    ):
        assert telegram.stdout is not None
        assert telegram.stdout.readline() == "listening on http://127.0.0.1:8081\n"
        assert running.logged("Application started")
        yield running
        telegram.terminate()


@pytest.fixture(scope="module")
def state(container: Container) -> dict[str, Any]:
    """What it says of itself."""
    told: dict[str, Any] = json.loads(container.run_beside(sys.executable, "-c", STATE).stdout)
    return told


def test_it_reaches_telegram_its_database_and_its_closes(state: dict[str, Any]) -> None:
    """Everything that the image has to bring for it is there, drivers and migrations included."""
    works = {name: found for name, found in state["dependencias"].items() if name != "modelo"}

    assert works == {"banco": "ok", "fechamentos": "ok", "telegram": "ok"}


def test_it_knows_its_version(state: dict[str, Any]) -> None:
    """The package's metadata is not a module, and easily forgotten."""
    assert state["versao"].count(".") == 2


def test_its_health_check_takes_a_bot_without_a_model_for_alive(
    container: Container, image: Image, state: dict[str, Any]
) -> None:
    """A new container would not bring the model back."""
    check = last(image.runs, "HEALTHCHECK").text
    _, *words = json.loads(check[check.index("[") :])
    probed = container.run_beside(sys.executable, *words)

    assert state["dependencias"]["modelo"] == "falha"
    assert (probed.returncode, probed.stderr) == (0, "")


def test_it_writes_into_its_volume_and_as_nobody(
    container: Container, stores: Path, state: dict[str, Any]
) -> None:
    """Everywhere else is read-only, so a missing place would have ended it."""
    assert state["versao"]
    assert (container.told("Uid"), container.told("Gid")) == (65532, 65532)
    assert {path.stat().st_uid for path in stores.rglob("*")} == {65532}
    assert (stores / "fechamento.db").is_file()


def test_sigterm_ends_it_in_order(container: Container) -> None:
    """ECS waits thirty seconds; whoever waits for an answer gets it before. Runs last."""
    os.kill(container.inside, signal.SIGTERM)

    assert container.process.wait(timeout=30) == 0
