"""The served graph beside other ways to compute it: `python -m tests.bench.inference`.

In one process and in turn: ONNX Runtime as the endpoint runs it, Keras `predict`, the signature of
the shipped SavedModel.  Below them is the arithmetic floor: the graph's multiply-adds at the rate
of one core in a product of large matrices.  The served endpoint over HTTP is measured in
`tests.bench.endpoint`; here it is driven as hard as one client can.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.edges.local_processes import LocalProcess
from tests.bench.ours import SHIPPED
from tests.bench.rows import Row, middle, spread_of

LEAST_OVER_PREDICT = 300
LEAST_WINDOWS = 10_000
BATCH, ROUNDS = 500, 40
AGREEMENT = 1e-5
"""Relative difference that a variant may not exceed to be served."""
NAMES = {"onnx": "ONNX Runtime", "keras": "Keras predict", "signature": "SavedModel signature"}


def rows() -> list[Row]:
    """Everything; TensorFlow takes most of the time to load."""
    return [*_told(_measured()), *_driven()]


def _measured() -> Mapping[str, Any]:
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "tests.bench.inference_process", str(SHIPPED)]
    done = subprocess.run(
        command,
        env=dict(os.environ) | one_thread,  # noqa: TID251, a child's environment is ours to set
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _told(found: Mapping[str, Any]) -> list[Row]:
    single, batch = found["single"], found["batch"]
    floor = 1e3 * found["multiply_adds"] / found["peak"]
    ours = statistics.median(single["onnx"])
    return [
        _times(
            "inference: one window, times faster than Keras predict", single, LEAST_OVER_PREDICT
        ),
        *(
            middle(f"inference: one window, {NAMES[name]}", taken, "ms")
            for name, taken in single.items()
        ),
        *(
            middle(f"inference: 256 windows, {NAMES[name]}", taken, "ms")
            for name, taken in batch.items()
        ),
        Row("inference: one window, arithmetic floor", floor, "ms"),
        Row("inference: one window, times the floor", ours / floor, "×"),
        Row(
            "inference: 256 windows, times the floor",
            statistics.median(batch["onnx"]) / floor / 256,
            "×",
        ),
        *_variants(found["variants"]),
    ]


def _times(name: str, taken: Mapping[str, list[float]], least: float) -> Row:
    ours = statistics.median(taken["onnx"])
    ratios = [one / ours for one in taken["keras"]]
    return Row(name, statistics.median(ratios), "×", least=least, spread=spread_of(ratios))


def _variants(found: Mapping[str, Any]) -> list[Row]:
    served = found["taken"]["as served"]
    told = []
    for name, taken in found["taken"].items():
        ratio = statistics.median(taken) / statistics.median(served)
        told += [
            Row(f"inference: variant {name}: time of one window, of that served", ratio, "×"),
            Row(
                f"inference: variant {name}: farthest from what is served",
                1e6 * found["off"][name],
                "ppm",
            ),
        ]
    return told


def _driven() -> list[Row]:
    """The endpoint's process with one client that always asks: two cores, one each."""
    window = {"closes": [30 + day / 10 for day in range(60)]}
    body = json.dumps({"instances": [window] * BATCH})
    serving = LocalProcess.start("model", "serve", "--artifact", str(SHIPPED), "--port", "0")
    try:
        line = http.client.HTTPConnection(urlsplit(serving.urls()[0]).netloc)
        rates = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            line.request("POST", "/invocations", body, {"content-type": "application/json"})
            line.getresponse().read()
            rates.append(BATCH / (time.perf_counter() - began))
        line.close()
    finally:
        serving.close()
    return [middle("inference: windows a second over HTTP", rates, "/s", least=LEAST_WINDOWS)]


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
