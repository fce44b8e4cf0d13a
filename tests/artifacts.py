"""A tiny artifact for tests: a graph whose answers can be worked out by hand.

Quantile of a step = last close × (1 + drift of the step + offset of the level × width), where
width is 1 without highs and lows and 2 with them, so that a test sees whether they arrived.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.artifact import CARD, GRAPH, SAVED_MODEL, digest

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
OFFSETS = np.array([-0.06, -0.05, -0.04, -0.02, 0.0, 0.02, 0.04, 0.05, 0.06], dtype=np.float32)
DRIFTS = np.arange(1, 7, dtype=np.float32) / 1000


def tiny_quantiles(
    closes: NDArray[np.float32], highs: NDArray[np.float32], lows: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the tiny graph computes, in NumPy: (n, 60) each to (n, 6, 9)."""
    given = ~np.isnan(highs[:, -1] + lows[:, -1])
    widths = np.where(given, 2, 1).astype(np.float32)
    factors = 1 + DRIFTS[None, :, None] + OFFSETS[None, None, :] * widths[:, None, None]
    quantiles: NDArray[np.float32] = closes[:, -1, None, None] * factors
    return quantiles


def make_tiny_artifact(directory: Path) -> Path:
    """Write the artifact into `directory`, which need not exist, and give it back."""
    (directory / SAVED_MODEL).mkdir(parents=True)
    (directory / SAVED_MODEL / "saved_model.pb").write_bytes(b"never read by the tests")
    (directory / GRAPH).write_bytes(_graph().SerializeToString())
    (directory / CARD).write_text(json.dumps(_card(directory)), encoding="utf-8")
    return directory


def _card(directory: Path) -> dict[str, object]:
    return {
        "name": "tiny",
        "version": "1",
        "window": 60,
        "steps": 6,
        "levels": list(LEVELS),
        "files": {name: {"sha256": digest(directory / name)} for name in (GRAPH, SAVED_MODEL)},
    }


def _graph() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Slice", ["closes", "last", "end", "axis"], ["close"]),
        helper.make_node("Add", ["highs", "lows"], ["ranges"]),
        helper.make_node("Slice", ["ranges", "last", "end", "axis"], ["range"]),
        helper.make_node("IsNaN", ["range"], ["missing"]),
        helper.make_node("Where", ["missing", "one", "two"], ["width"]),
        helper.make_node("Unsqueeze", ["width", "axis"], ["widths"]),
        helper.make_node("Unsqueeze", ["close", "axis"], ["closing"]),
        helper.make_node("Mul", ["offsets", "widths"], ["spread"]),
        helper.make_node("Add", ["drifts", "spread"], ["factors"]),
        helper.make_node("Mul", ["closing", "factors"], ["quantiles"]),
    ]
    graph = helper.make_graph(nodes, "tiny", _inputs(), _outputs(), _constants())
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def _inputs() -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 60])
        for name in ("closes", "highs", "lows")
    ]


def _outputs() -> list[onnx.ValueInfoProto]:
    return [helper.make_tensor_value_info("quantiles", TensorProto.FLOAT, ["batch", 6, 9])]


def _constants() -> list[onnx.TensorProto]:
    constants = {
        "last": np.array([59]),
        "end": np.array([60]),
        "axis": np.array([1]),
        "one": np.float32(1),
        "two": np.float32(2),
        "offsets": OFFSETS.reshape(1, 1, 9),
        "drifts": 1 + DRIFTS.reshape(1, 6, 1),
    }
    return [numpy_helper.from_array(np.asarray(one), name) for name, one in constants.items()]
