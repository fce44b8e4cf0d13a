"""The serving process, started as SageMaker and the bot start it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from model.artifact import CARD, GRAPH, digest
from model.errors import ArtifactCorrupted, ArtifactMissing
from model.serving import serve, serving_app
from tests.artifacts import make_tiny_artifact

CLOSES = [30 + day / 10 for day in range(60)]
FORBIDDEN = ("tensorflow", "keras", "matplotlib", "pandas", "yfinance", "boto3", "bot", "deploy")
START = (
    "import sys; from pathlib import Path; from model.serving import serve; "
    "serve(Path(sys.argv[1]), '127.0.0.1', 0, until_stdin_closes=sys.argv[2] == 'pipe')"
)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny artifact."""
    return make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny")


@dataclass(frozen=True, slots=True)
class Serving:
    """A serving process that is ready."""

    process: subprocess.Popen[str]
    address: str


@contextmanager
def started(artifact: Path, ends_with: str) -> Iterator[Serving]:
    """Start the process; `ends_with` "pipe" ends it when its standard input closes."""
    with subprocess.Popen(
        [sys.executable, "-c", START, str(artifact), ends_with],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield Serving(process, process.stdout.readline().removeprefix("listening on ").strip())
        finally:
            process.kill()


def forecast(address: str) -> float:
    """The first median for the closes of this file."""
    request = {"instances": [{"closes": CLOSES}]}
    answer = httpx.post(f"{address}/invocations", json=request, trust_env=False)
    median: float = answer.json()["predictions"][0]["median"][0]
    return median


@pytest.mark.slow
def test_the_process_says_where_it_listens_and_answers_there(artifact: Path) -> None:
    """Whoever starts it with port 0 reads the address, and may ask at once."""
    with started(artifact, "pipe") as serving:
        median = forecast(serving.address)
        ping = httpx.get(f"{serving.address}/ping", trust_env=False)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", serving.address)
    assert ping.status_code == 200
    assert median == pytest.approx(CLOSES[-1] * 1.001, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_cleanly(artifact: Path, number: signal.Signals) -> None:
    """Code 0 and silence: a stop that was asked for is no failure, not even with a client there."""
    with started(artifact, "signal") as serving, httpx.Client(trust_env=False) as client:
        client.get(f"{serving.address}/ping")
        serving.process.send_signal(number)
        _, errors = serving.process.communicate(timeout=20)

    assert (serving.process.returncode, errors) == (0, "")


@pytest.mark.slow
def test_the_process_ends_with_its_standard_input(artifact: Path) -> None:
    """The system closes the pipe even when the parent is killed, so nothing is left behind."""
    with started(artifact, "pipe") as serving:
        _, errors = serving.process.communicate(timeout=20)

    assert (serving.process.returncode, errors) == (0, "")


@pytest.mark.slow
def test_without_being_asked_the_process_outlives_its_standard_input(artifact: Path) -> None:
    """In a container nobody holds the other end, and it must serve all the same."""
    with started(artifact, "signal") as serving:
        assert serving.process.stdin
        serving.process.stdin.close()
        medians = [forecast(serving.address) for _ in range(3)]

    assert len(set(medians)) == 1


@pytest.mark.slow
def test_the_process_loads_nothing_but_what_it_needs() -> None:
    """TensorFlow alone would make the container ten times as large and twenty times as slow."""
    code = "import sys, model.serving, model.serving_app; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "onnxruntime" in loaded
    assert [name for name in FORBIDDEN if name in loaded] == []


def test_a_missing_artifact_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    """A string as exit code is printed and makes the code 1."""
    with pytest.raises(SystemExit) as ended:
        serve(tmp_path / "nothing", "127.0.0.1", 0)

    assert ended.value.code == f"no model artifact in {tmp_path / 'nothing'}: card.json is missing"


def test_a_corrupted_artifact_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    """Half a copied file must not forecast."""
    artifact = make_tiny_artifact(tmp_path / "tiny")
    graph = artifact / GRAPH
    graph.write_bytes(graph.read_bytes()[:-1])
    with pytest.raises(SystemExit) as ended:
        serve(artifact, "127.0.0.1", 0)

    assert ended.value.code == f"{graph} is not the file that card.json vouches for"


@pytest.mark.parametrize(
    ("key", "value"),
    [("window", 120), ("steps", 5), ("levels", [0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975])],
)
def test_an_artifact_with_another_shape_is_not_served(
    tmp_path: Path, key: str, value: object
) -> None:
    """The endpoint's contract names its levels; another order would be a wrong band."""
    artifact = make_tiny_artifact(tmp_path / "tiny")
    card = json.loads((artifact / CARD).read_text(encoding="utf-8")) | {key: value}
    (artifact / CARD).write_text(json.dumps(card), encoding="utf-8")

    with pytest.raises(ArtifactCorrupted, match="another window, steps or levels"):
        serving_app(artifact)


def test_a_missing_graph_is_missing_and_not_corrupted(tmp_path: Path) -> None:
    """The two have different remedies."""
    artifact = make_tiny_artifact(tmp_path / "tiny")
    (artifact / GRAPH).unlink()

    with pytest.raises(ArtifactMissing):
        serving_app(artifact)


def test_the_application_names_the_model_of_the_card(artifact: Path) -> None:
    """The hash is that of the graph that computes, not of the card."""
    expected = {"name": "tiny", "version": "1", "sha256": digest(artifact / GRAPH)}

    assert serving_app(artifact).model == expected


def test_a_taken_port_ends_the_start_with_a_sentence(artifact: Path) -> None:
    """Two bots on one laptop: the second one must say why it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            serve(artifact, "127.0.0.1", port)

    assert ended.value.code == f"cannot listen on 127.0.0.1:{port}: Address already in use"


def test_an_address_of_another_machine_ends_the_start_with_a_sentence(artifact: Path) -> None:
    """As with a mistyped host."""
    with pytest.raises(SystemExit) as ended:
        serve(artifact, "192.0.2.1", 0)

    assert ended.value.code == "cannot listen on 192.0.2.1:0: Cannot assign requested address"
