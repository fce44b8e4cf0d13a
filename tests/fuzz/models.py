"""Fuzz targets about the model: its artifact, what the endpoint is asked and what it answers."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.edges.endpoint import SageMakerEndpoint
from bot.errors import ModelRefused
from model.artifact import CARD, GRAPH, ArtifactCorrupted, ArtifactMissing, load
from model.serving_instances import RequestRefused, read_windows
from tests.artifacts import make_tiny_artifact
from tests.fakes_endpoint import window_ending_at
from tests.fuzz.spoiling import spoilt, torn, written
from tests.fuzz.target import Attempt, Target

_SIX = [30.0, 30.1, 30.2, 30.3, 30.4, 30.5]
_ANSWER = {
    "predictions": [
        {
            name: [price + shift for price in _SIX]
            for name, shift in (
                *(("median", 0.0), ("low80", -1.0), ("high80", 1.0)),
                *(("low95", -2.0), ("high95", 2.0)),
            )
        }
    ],
    "model": {"name": "m", "version": "1", "sha256": "0" * 64},
}
_CLOSES = [30 + at / 100 for at in range(60)]
_REQUEST = {
    "instances": [
        {
            "closes": _CLOSES,
            "highs": [price + 1 for price in _CLOSES],
            "lows": [price - 1 for price in _CLOSES],
        }
    ]
}


@contextmanager
def _asked() -> Iterator[Attempt]:
    yield _ask


def _ask(body: bytes) -> None:
    with suppress(RequestRefused):
        read_windows(body)


class _Runtime:
    """boto3's client, as far as it is asked; answers what is being tried."""

    body = b""

    def invoke_endpoint(self, **_asked: object) -> dict[str, Any]:
        """The answer as boto3 hands it over."""
        return {"Body": BytesIO(self.body)}


@contextmanager
def _answered() -> Iterator[Attempt]:
    client: Any = _Runtime()
    endpoint, windows = SageMakerEndpoint(client, "fuzzed"), [window_ending_at(30.0)]

    def answer(body: bytes) -> None:
        client.body = body
        with suppress(ModelRefused):
            endpoint._ask(windows)

    yield answer


def _example() -> tuple[dict[str, Any], bytes]:
    with tempfile.TemporaryDirectory() as folder:
        artifact = make_tiny_artifact(Path(folder) / "tiny")
        card = json.loads((artifact / CARD).read_text(encoding="utf-8"))
        return card, (artifact / GRAPH).read_bytes()


@contextmanager
def _loading() -> Iterator[Attempt]:
    """A card that somebody else wrote, beside honest files."""
    with tempfile.TemporaryDirectory() as folder:
        artifact = make_tiny_artifact(Path(folder) / "tiny")

        def read(card: bytes) -> None:
            (artifact / CARD).write_bytes(card)
            with suppress(ArtifactCorrupted, ArtifactMissing):
                load(artifact)

        yield read


@contextmanager
def _vouching() -> Iterator[Attempt]:
    """A graph that somebody else wrote, and a card that vouches for it."""
    with tempfile.TemporaryDirectory() as folder:
        artifact = make_tiny_artifact(Path(folder) / "tiny")
        card = json.loads((artifact / CARD).read_text(encoding="utf-8"))
        shutil.rmtree(artifact / "saved_model")

        def read(graph: bytes) -> None:
            (artifact / GRAPH).write_bytes(graph)
            vouched = {GRAPH: {"sha256": hashlib.sha256(graph).hexdigest()}}
            (artifact / CARD).write_text(json.dumps(card | {"files": vouched}), encoding="utf-8")
            with suppress(ArtifactCorrupted, ArtifactMissing):
                load(artifact)

        yield read


_CARD, _GRAPH = _example()

TARGETS = (
    Target("endpoint's answer", written(spoilt(st.just(_ANSWER))), _answered, 80_000),
    Target("endpoint's request", written(spoilt(st.just(_REQUEST))), _asked, 70_000),
    Target("artifact's card", written(spoilt(st.just(_CARD))), _loading, 50_000),
    Target("artifact's graph", torn(_GRAPH), _vouching, 10_000),
)
