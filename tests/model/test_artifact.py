"""An artifact is what its card vouches for, or it is refused with one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.artifact import (
    CARD,
    GRAPH,
    SAVED_MODEL,
    ArtifactCorrupted,
    ArtifactMissing,
    digest,
    load,
)
from tests.artifacts import make_tiny_artifact, tiny_quantiles

CLOSES = np.random.default_rng(0).uniform(10, 20, (5, 60)).astype(np.float32)


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """A tiny artifact in a folder of its own."""
    return make_tiny_artifact(tmp_path / "tiny")


def rewritten(artifact: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the card in place."""
    card = json.loads((artifact / CARD).read_text(encoding="utf-8"))
    change(card)
    (artifact / CARD).write_text(json.dumps(card), encoding="utf-8")


def test_it_answers_what_its_graph_computes(artifact: Path) -> None:
    """Inputs must arrive under their own names."""
    loaded = load(artifact)

    np.testing.assert_allclose(
        loaded.quantiles(CLOSES, CLOSES + 1, CLOSES - 1),
        tiny_quantiles(CLOSES, CLOSES + 1, CLOSES - 1),
        rtol=1e-6,
    )
    assert loaded.card["name"] == "tiny"


def test_ranges_left_out_count_as_not_given(artifact: Path) -> None:
    """Sources of closes alone are served by the same graph."""
    unknown = np.full_like(CLOSES, np.nan)

    np.testing.assert_allclose(
        load(artifact).quantiles(CLOSES), tiny_quantiles(CLOSES, unknown, unknown), rtol=1e-6
    )


def test_a_folder_without_a_card_is_no_artifact(tmp_path: Path) -> None:
    """The commonest mistake is a wrong folder; the sentence names it."""
    with pytest.raises(ArtifactMissing, match=f"no model artifact in {tmp_path}: card.json"):
        load(tmp_path)


@pytest.mark.parametrize("name", [GRAPH, f"{SAVED_MODEL}/saved_model.pb"])
def test_a_changed_file_is_refused(artifact: Path, name: str) -> None:
    """Half a download or a swapped file would forecast nonsense with a straight face."""
    (artifact / name).write_bytes((artifact / name).read_bytes()[:-1] + b"!")

    with pytest.raises(ArtifactCorrupted, match=r"is not the file that card\.json vouches for"):
        load(artifact)


def test_an_added_file_in_the_saved_model_is_refused(artifact: Path) -> None:
    """TensorFlow Serving would read it."""
    (artifact / SAVED_MODEL / "more").write_bytes(b"")

    with pytest.raises(ArtifactCorrupted, match=SAVED_MODEL):
        load(artifact)


def test_a_missing_file_is_named(artifact: Path) -> None:
    """An incomplete copy is told apart from a corrupted one."""
    (artifact / GRAPH).unlink()

    with pytest.raises(ArtifactMissing, match=r"model\.onnx is missing"):
        load(artifact)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"files": 1}', '{"files": {"model.onnx": {}}}', "[" * 100_000],
    ids=["empty", "list", "cut", "files", "hash", "nested"],
)
def test_an_unreadable_card_is_refused(artifact: Path, text: str) -> None:
    """A card cut short must not end in a traceback of the JSON parser."""
    (artifact / CARD).write_text(text, encoding="utf-8")

    with pytest.raises(ArtifactCorrupted, match=r"card\.json cannot be read"):
        load(artifact)


@pytest.mark.parametrize("key", ["name", "version", "window", "steps", "levels"])
def test_a_card_has_to_be_complete(artifact: Path, key: str) -> None:
    """Answers carry the name and version; without them nobody could say who forecast."""
    rewritten(artifact, lambda card: card.pop(key))

    with pytest.raises(ArtifactCorrupted, match=rf"card\.json lacks {key}"):
        load(artifact)


def test_a_card_has_to_vouch_for_the_graph(artifact: Path) -> None:
    """A graph that no hash covers could be anything."""
    rewritten(artifact, lambda card: card["files"].pop(GRAPH))

    with pytest.raises(ArtifactCorrupted, match=r"card\.json lacks model\.onnx"):
        load(artifact)


@pytest.mark.parametrize("name", ["../secret", "/", "9" * 5_000, ""])
def test_a_card_vouches_for_nothing_outside_of_its_artifact(artifact: Path, name: str) -> None:
    """A card that somebody sends could have every file of this machine read."""
    (artifact.parent / "secret").write_bytes(b"of somebody else")
    rewritten(artifact, lambda card: card["files"].update({name: {"sha256": "0" * 64}}))

    with pytest.raises(ArtifactCorrupted, match=r"card\.json vouches for more than"):
        load(artifact)


def test_a_file_that_is_no_graph_is_refused(artifact: Path) -> None:
    """Even when the card vouches for it."""
    (artifact / GRAPH).write_bytes(b"no graph")
    hashed = digest(artifact / GRAPH)
    rewritten(artifact, lambda card: card["files"][GRAPH].update(sha256=hashed))

    with pytest.raises(ArtifactCorrupted, match="is no graph that ONNX Runtime can load"):
        load(artifact)
