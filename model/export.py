"""Publishes a training run: ONNX graph, SavedModel and card, or nothing at all.

    run ─▶ network ─▶ ONNX, SavedModel ─compared with Keras on 256 windows─▶ card ─▶ artifact
                                        └─ more than 1e-5 apart: refused, nothing is left

The windows compared are real-looking and hostile ones, drawn from a fixed seed.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from model.artifact import CARD, GRAPH, INPUTS, OUTPUT, SAVED_MODEL, Artifact, digest, load
from model.errors import Disagreement
from model.network import LEVELS
from model.run import Record
from model.sample_windows import Inputs
from model.windows import STEPS, WINDOW

NAME = "fechamento-lstm"
TOLERANCE = 1e-5
"""Largest relative difference between what Keras, ONNX Runtime and the SavedModel answer."""

SIGNATURE = {
    "median": 0.5, "low80": 0.1, "high80": 0.9, "low95": 0.025, "high95": 0.975,
    "q05": 0.05, "q10": 0.1, "q25": 0.25, "q75": 0.75, "q90": 0.9, "q95": 0.95,
}  # fmt: skip
"""Outputs of the SavedModel's signatures, each (n, STEPS), and the level of each."""

_OPSET = 17
_SPECS = tuple(tf.TensorSpec((None, WINDOW), tf.float32, name=name) for name in INPUTS)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Largest relative difference to Keras over all windows, steps and levels."""

    keras_onnx: float
    keras_saved_model: float


def export(
    run: tuple[keras.Model, Record],
    number: int,
    out: Path,
    compared: Inputs,
    measure: Callable[[Artifact], dict[str, Any]] | None = None,
) -> Artifact:
    """Write the artifact of a run to `out`, replacing one that is there.

    Args:
        run: the calibrated network, and how it was trained.
        number: of this publication of the run, part of the version.
        out: directory; left as it was when anything fails.
        compared: windows on which the graphs have to agree.
        measure: gives the metrics of the card; without it they stay null.

    Raises:
        Disagreement: the graphs do not answer what the network does.
    """
    network, record = run
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
        unfinished = Path(scratch) / "artifact"
        unfinished.mkdir()
        _write_onnx(network, unfinished / GRAPH)
        _write_saved_model(network, unfinished / SAVED_MODEL)
        write_card(unfinished, _card(record, number, unfinished))
        agreement = _agreement(network, unfinished, compared)
        measured = measure(load(unfinished)) if measure else None
        later = {"agreement": asdict(agreement), "metrics": measured}
        write_card(unfinished, dict(load(unfinished).card) | later)
        if out.exists():
            out.rename(Path(scratch) / "replaced")
        unfinished.rename(out)
    return load(out)


def write_card(directory: Path, card: Mapping[str, Any]) -> None:
    """Write or replace the card of an artifact."""
    content = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    (directory / CARD).write_text(content, encoding="utf-8")


def difference(answer: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """Largest relative difference; infinite when either holds anything but finite numbers."""
    if not (np.isfinite(answer).all() and np.isfinite(expected).all()):
        return float("inf")
    return float(np.abs(answer.astype(float) / expected - 1).max())


def _write_onnx(network: keras.Model, path: Path) -> None:
    """Convert the graph; prices stay named as in the contract."""

    def graph(closes: tf.Tensor, highs: tf.Tensor, lows: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT: network([closes, highs, lows])}

    # Without the handler tf2onnx writes "where" as a sum of products, in which NaN × 0 is NaN.
    handlers: dict[str, tuple[Callable[..., None], list[Any]]]
    handlers = {"SelectV2": (_select_as_where, [])}
    traced = tf.function(graph, input_signature=_SPECS)
    tf2onnx.convert.from_function(
        traced, _SPECS, opset=_OPSET, custom_op_handlers=handlers, output_path=path
    )


def _select_as_where(_context: Any, node: Any, _name: str, _arguments: list[Any]) -> None:
    node.type = "Where"


def _write_saved_model(network: keras.Model, directory: Path) -> None:
    """Two signatures, `serving_default` with three inputs and `closes_only` with one."""

    def with_ranges(closes: tf.Tensor, highs: tf.Tensor, lows: tf.Tensor) -> dict[str, tf.Tensor]:
        prices = network([closes, highs, lows])
        return {name: prices[:, :, LEVELS.index(level)] for name, level in SIGNATURE.items()}

    def closes_only(closes: tf.Tensor) -> dict[str, tf.Tensor]:
        unknown = tf.fill(tf.shape(closes), float("nan"))
        return with_ranges(closes, unknown, unknown)

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serving_default", with_ranges, input_signature=list(_SPECS))
    archive.add_endpoint("closes_only", closes_only, input_signature=[_SPECS[0]])
    archive.write_out(str(directory), verbose=False)


def _agreement(network: keras.Model, directory: Path, compared: Inputs) -> Agreement:
    """Compare both graphs with Keras, every quantile of every window, with ranges and without."""
    unknown = np.full_like(compared[0], np.nan)
    onnx, saved = [], []
    archive = tf.saved_model.load(str(directory / SAVED_MODEL)).signatures
    artifact = load(directory)
    named = dict(zip(INPUTS, map(tf.constant, compared), strict=True))
    answers = (
        (compared, archive["serving_default"](**named)),
        ((compared[0], unknown, unknown), archive["closes_only"](closes=named["closes"])),
    )
    for inputs, outputs in answers:
        expected = network.predict(list(inputs), verbose=0)
        onnx.append(difference(artifact.quantiles(*inputs), expected))
        saved += [
            difference(outputs[name].numpy(), expected[:, :, LEVELS.index(level)])
            for name, level in SIGNATURE.items()
        ]
    agreement = Agreement(max(onnx), max(saved))
    if not max(asdict(agreement).values()) <= TOLERANCE:
        raise Disagreement(f"graphs differ from Keras by more than {TOLERANCE}: {agreement}")
    return agreement


def _card(record: Record, number: int, directory: Path) -> dict[str, Any]:
    """All that the card says, but for agreement and metrics, which are measured later."""
    return {
        "name": NAME,
        "version": f"{record.until}.{number}",
        "window": WINDOW,
        "steps": STEPS,
        "levels": list(LEVELS),
        "files": {name: _vouched(directory / name) for name in (GRAPH, SAVED_MODEL)},
        "trained": {
            "until": record.until,
            "from": record.first,
            "validated_from": record.border,
            "shares": list(record.shares),
            "windows": record.windows[0],
            "validated_windows": record.windows[1],
            "seed": record.seed,
            "command": record.command,
            "minutes": record.minutes,
        },
        "versions": record.versions,
    }


def _vouched(path: Path) -> dict[str, str | int]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {"sha256": digest(path), "bytes": sum(file.stat().st_size for file in files)}
