"""The serving image's process, started the way SageMaker starts it.

`docker run IMAGE serve`: /opt/ml/model read-only, port 8080, a network of its own without a way
out.  Docker is not needed, the rights to make namespaces are.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from model.artifact import GRAPH
from tests.artifacts import make_tiny_artifact
from tests.deploy.containers.container import (
    Container,
    Image,
    laid_out,
    possible,
    started,
)
from tests.deploy.containers.containerfile import FOLDER, last, stages

MOST_MEGABYTES = 120
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not possible(), reason="this machine lets nobody make namespaces"),
]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image."""
    return laid_out("serving", tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What SageMaker has unpacked."""
    return make_tiny_artifact(tmp_path_factory.mktemp("model") / "model")


def serving(image: Image, model: Path, root: Path, word: str) -> AbstractContextManager[Container]:
    """`docker run IMAGE word`, with the model where SageMaker unpacks it."""
    return started(image, root, {str(model): "/opt/ml/model"}, word)


@pytest.fixture(scope="module")
def container(
    image: Image, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Container]:
    """A container that is ready."""
    with serving(image, model, tmp_path_factory.mktemp("root"), "serve") as running:
        assert running.ready() == "listening on http://0.0.0.0:8080", running.process.communicate()
        yield running


@pytest.fixture(scope="module")
def answers(container: Container) -> dict[str, Any]:
    """What it answers to SageMaker and, through boto3 and the Runtime route, to the bot."""
    asked = container.run_beside(sys.executable, "-m", "tests.deploy.containers.asking")
    assert asked.returncode == 0, asked.stderr
    found: dict[str, Any] = json.loads(asked.stdout)
    return found


def test_it_answers_the_health_check(answers: dict[str, Any]) -> None:
    """SageMaker sends nothing to a container before it does."""
    assert answers["ping"]["status"] == 200
    assert answers["ping"]["model"]["name"] == "tiny"


def test_it_forecasts_one_window_and_a_thousand(answers: dict[str, Any]) -> None:
    """The endpoint's contract, from one question to the morning's push."""
    assert answers["one window"] == {"status": 200, "forecasts": 1, "median": 35.936}
    assert answers["a thousand"] == {"status": 200, "forecasts": 1000, "median": 35.936}


def test_it_refuses_with_a_sentence(answers: dict[str, Any]) -> None:
    """The sentence is what an operator finds in the bot's log."""
    assert answers["too short"] == {
        "status": 400,
        "error": "instances[0].closes: 59 values, 60 expected",
    }
    assert answers["no JSON"]["status"] == 415


def test_the_bot_forecasts_through_it(answers: dict[str, Any]) -> None:
    """Its own client, boto3, and the route that is as strict as SageMaker's."""
    assert answers["boto3"] == [3603.6, 36.04]
    assert answers["refused"].startswith('ModelError: {"error":"instances[0].closes[0]: 0, a price')


def test_there_is_no_network_but_its_own(answers: dict[str, Any]) -> None:
    """What is served must not depend on anything that is fetched."""
    assert answers["the network outside"] == "none"


def test_nobody_is_root_in_it(container: Container) -> None:
    """Neither by name nor by rights that it kept."""
    assert (container.told("Uid"), container.told("Gid")) == (65532, 65532)
    status = Path(f"/proc/{container.inside}/status").read_text(encoding="ascii")
    assert "CapEff:\t0000000000000000" in status


def test_it_needs_less_memory_than_an_eighth_of_the_smallest_endpoint(
    container: Container, answers: dict[str, Any]
) -> None:
    """At its peak, which is after a thousand windows in one request."""
    assert answers["a thousand"]["status"] == 200
    assert container.told("VmHWM") / 1024 <= MOST_MEGABYTES


def test_its_health_check_works_without_a_shell(container: Container) -> None:
    """The image's own words, as Docker runs them."""
    check = last(stages(FOLDER / "serving.Containerfile")[-1], "HEALTHCHECK").text
    _, *words = json.loads(check[check.index("[") :])
    probed = container.run_beside(sys.executable, *words)

    assert (probed.returncode, probed.stderr) == (0, "")


def test_sigterm_ends_it_with_code_zero(image: Image, model: Path, tmp_path: Path) -> None:
    """SageMaker waits thirty seconds and then kills; a container that ends first loses nothing."""
    with serving(image, model, tmp_path / "root", "serve") as running:
        running.ready()
        os.kill(running.inside, signal.SIGTERM)
        _, errors = running.process.communicate(timeout=20)

    assert (running.process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("word", "code", "sentence"),
    [
        ("train", 2, "this image knows one command, serve, and was given ['train']"),
        ("serve", 1, "no model artifact in /opt/ml/model: card.json is missing"),
    ],
)
def test_what_it_cannot_do_is_one_sentence(
    image: Image, tmp_path: Path, word: str, code: int, sentence: str
) -> None:
    """The endpoint's log is all that an operator has when it does not come up."""
    (tmp_path / "empty").mkdir()
    with serving(image, tmp_path / "empty", tmp_path / "root", word) as running:
        _, errors = running.process.communicate(timeout=20)

    assert (running.process.returncode, errors.strip()) == (code, sentence)


def test_an_artifact_that_was_cut_short_is_not_served(image: Image, tmp_path: Path) -> None:
    """Better no endpoint than one that forecasts with half a graph."""
    artifact = make_tiny_artifact(tmp_path / "model")
    (artifact / GRAPH).write_bytes(b"half")
    with serving(image, artifact, tmp_path / "root", "serve") as running:
        _, errors = running.process.communicate(timeout=20)

    assert (running.process.returncode, errors.strip()) == (
        1,
        "/opt/ml/model/model.onnx is not the file that card.json vouches for",
    )
