"""The published model: a directory with an ONNX graph, a SavedModel and a card that vouches.

    card.json     who trained what on which closes, how well it does, sha256 of the rest
    model.onnx    closes, highs, lows (n, 60) ─▶ quantiles (n, 6, 9), raw prices in and out
    saved_model/  the same graph for TensorFlow Serving

`load` believes nothing that the card's hashes do not confirm.  Needs numpy and ONNX Runtime and
nothing else, because the serving process starts with it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import ArrayLike, NDArray

from model.errors import ArtifactCorrupted, ArtifactMissing

__all__ = ["Artifact", "ArtifactCorrupted", "ArtifactMissing", "digest", "load"]

GRAPH = "model.onnx"
SAVED_MODEL = "saved_model"
CARD = "card.json"

INPUTS = ("closes", "highs", "lows")
OUTPUT = "quantiles"

_ESSENTIAL = ("name", "version", "window", "steps", "levels", "files")
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A loaded model.

    Attributes:
        card: what `card.json` says.
    """

    card: Mapping[str, Any]
    _session: onnxruntime.InferenceSession

    def quantiles(
        self, closes: ArrayLike, highs: ArrayLike | None = None, lows: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Prices of the coming sessions.

        Args:
            closes: shape (n, window), oldest first, positive, in any currency.
            highs: same shape; NaN, or None altogether, where not given.
            lows: the same.

        Returns:
            shape (n, steps, levels), same currency, nearest session and lowest level first.
        """
        closes = np.asarray(closes, np.float32)
        unknown = np.full_like(closes, np.nan)
        ranges = (unknown if r is None else np.asarray(r, np.float32) for r in (highs, lows))
        (prices,) = self._session.run([OUTPUT], dict(zip(INPUTS, (closes, *ranges), strict=True)))
        return np.asarray(prices, np.float32)


def load(directory: Path) -> Artifact:
    """Read and check an artifact.

    Raises:
        ArtifactMissing: the directory, its card or a file of the card is not there.
        ArtifactCorrupted: the card cannot be read or a file is not the one it vouches for.
    """
    card = _card(directory)
    for name, entry in card["files"].items():
        if not (directory / name).exists():
            raise ArtifactMissing(f"{directory / name} is missing")
        if digest(directory / name) != entry["sha256"]:
            raise ArtifactCorrupted(f"{directory / name} is not the file that {CARD} vouches for")
    return Artifact(card, _session(directory / GRAPH))


def digest(path: Path) -> str:
    """SHA-256 of a file; of a directory, that of what `sha256sum` prints for its sorted files."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
    listing = "".join(f"{digest(path / name)}  {name}\n" for name in files)
    return hashlib.sha256(listing.encode()).hexdigest()


def _card(directory: Path) -> dict[str, Any]:
    try:
        card = json.loads((directory / CARD).read_text(encoding="utf-8"))
        missing = [key for key in _ESSENTIAL if key not in card]
        vouched = {name: {"sha256": entry["sha256"]} for name, entry in card["files"].items()}
    except FileNotFoundError as error:
        raise ArtifactMissing(f"no model artifact in {directory}: {CARD} is missing") from error
    except _UNREADABLE as error:
        raise ArtifactCorrupted(f"{directory / CARD} cannot be read: {error!r}") from error
    if missing or GRAPH not in vouched:
        raise ArtifactCorrupted(f"{directory / CARD} lacks {', '.join(missing) or GRAPH}")
    # A hostile card would have us read any other file of this machine, or all of them.
    if not {GRAPH, SAVED_MODEL}.issuperset(vouched):
        raise ArtifactCorrupted(f"{directory / CARD} vouches for more than an artifact has")
    return dict(card)


def _session(graph: Path) -> onnxruntime.InferenceSession:
    """One thread: the graph takes a tenth of a millisecond, waking others takes longer."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone; warnings would go to standard error
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common base of their own
        raise ArtifactCorrupted(f"{graph} is no graph that ONNX Runtime can load") from error
