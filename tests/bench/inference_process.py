"""One window and many through every engine: `python -m tests.bench.inference_process ARTIFACT`.

Loads TensorFlow, which the rest of the bench does without; prints one JSON object with lists of
milliseconds, the graph's multiply-adds and the peak of one core.  The engines are asked in turn.
ONNX Runtime and NumPy run on one thread, TensorFlow on as many as it likes.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import tensorflow as tf
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from model.artifact import GRAPH, INPUTS, OUTPUT, SAVED_MODEL, load
from model.network import forecaster
from model.sample_windows import sample_windows
from tests.bench.graph_cost import multiply_adds

SINGLES, SLOW_SINGLES = 300, 40
BATCHES, SLOW_BATCHES, BATCH = 15, 8, 256
VARIANT_RUNS = 300
SIDE, PEAK_RUNS = 1024, 12
Inputs = dict[str, NDArray[np.float32]]
Ask = Callable[[Inputs], Any]


def _milliseconds(asks: Mapping[str, tuple[Ask, int]], given: Inputs) -> dict[str, list[float]]:
    """Each engine so many times, all in turn."""
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for ask, _ in asks.values():
        ask(given)
    for turn in range(max(times for _, times in asks.values())):
        for name, (ask, times) in asks.items():
            if turn < times:
                began = time.perf_counter()
                ask(given)
                taken[name].append((time.perf_counter() - began) * 1e3)
    return taken


def _engines(artifact: Path) -> Mapping[str, Ask]:
    ours, network = load(artifact), forecaster()
    signature = tf.saved_model.load(str(artifact / SAVED_MODEL)).signatures["serving_default"]
    return {
        "onnx": lambda given: ours.quantiles(**given),
        "keras": lambda given: network.predict(given, verbose=0),
        "signature": lambda given: signature(
            **{name: tf.constant(values) for name, values in given.items()}
        )["median"].numpy(),
    }


def _windows(count: int) -> Inputs:
    sampled = sample_windows(2 * count, np.random.default_rng(0))  # the first half is of shares
    return {name: values[:count] for name, values in zip(INPUTS, sampled, strict=True)}


def _variants(artifact: Path) -> dict[str, Any]:
    """The graph loaded otherwise, and made smaller: time of one window, and how far it is off."""
    graph, level = str(artifact / GRAPH), onnxruntime.GraphOptimizationLevel
    given, many = _windows(1), _windows(BATCH)
    with tempfile.TemporaryDirectory() as folder:
        small = str(Path(folder) / "int8.onnx")
        quantize_dynamic(graph, small, weight_type=QuantType.QInt8)
        sessions = {
            "as served": _session(graph, level.ORT_ENABLE_ALL),
            "nothing fused": _session(graph, level.ORT_DISABLE_ALL),
            "weights of 8 bits": _session(small, level.ORT_ENABLE_ALL),
        }
    asks = {name: (_asking(one), VARIANT_RUNS) for name, one in sessions.items()}
    exact = asks["as served"][0](many)
    off = {name: float(np.max(np.abs(ask(many) / exact - 1))) for name, (ask, _) in asks.items()}
    return {"taken": _milliseconds(asks, given), "off": off}


def _session(graph: str, level: Any) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = level
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _asking(session: onnxruntime.InferenceSession) -> Ask:
    return lambda given: session.run([OUTPUT], given)[0]


def _peak() -> float:
    """Multiply-adds a second that one core reaches in a product of large matrices."""
    left = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    best = float("inf")
    for _ in range(PEAK_RUNS):
        began = time.perf_counter()
        left @ left
        best = min(best, time.perf_counter() - began)
    return SIDE**3 / best


def _main(artifact: Path) -> None:
    engines = _engines(artifact)
    slow = {"keras"}
    single = {n: (e, SLOW_SINGLES if n in slow else SINGLES) for n, e in engines.items()}
    batch = {n: (e, SLOW_BATCHES if n in slow else BATCHES) for n, e in engines.items()}
    found = {
        "single": _milliseconds(single, _windows(1)),
        "batch": _milliseconds(batch, _windows(BATCH)),
        "variants": _variants(artifact),
        "multiply_adds": multiply_adds(artifact / GRAPH),
        "peak": _peak(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
