"""How fast the serving process answers: `python -m tests.bench.endpoint [ARTIFACT]`.

Starts `python -m model serve` as the container does and asks it over one HTTP connection that
stays open.  Figures are told and never asserted: they depend on the machine and its load.
"""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.artifacts import make_tiny_artifact
from tests.bench.rows import Row

SHIPPED = Path(__file__).parents[2] / "model" / "shipped"
SINGLES = 1_000
BATCHES = 20
BATCH = 1_000


def rows(artifact: Path = SHIPPED) -> list[Row]:
    """Start the process, measure it, end it; latencies as medians and 95th percentiles.

    Raises:
        RuntimeError: the process did not start.
    """
    began = time.perf_counter()
    with _serving(artifact) as serving:
        ready = time.perf_counter() - began
        connection = http.client.HTTPConnection(serving.host, serving.port)
        first = _milliseconds(connection, 1)
        cold = time.perf_counter() - began
        found = [
            Row("serving: start until it listens", ready, "s"),
            Row("serving: start until the first answer", cold, "s", 0.5),
            Row("serving: first answer", first, "ms"),
            *_latencies("one window", [_milliseconds(connection, 1) for _ in range(SINGLES)], 1.5),
            Row("serving: peak memory after single windows", serving.peak_megabytes(), "MB", 80),
            *_latencies(
                f"{BATCH:,} windows",
                [_milliseconds(connection, BATCH) for _ in range(BATCHES)],
                150,
            ),
            Row("serving: peak memory after batches", serving.peak_megabytes(), "MB"),
        ]
        connection.close()
    return found


@dataclass(frozen=True, slots=True)
class _Serving:
    process: subprocess.Popen[str]
    host: str
    port: int

    def peak_megabytes(self) -> float:
        """Largest resident set so far; 0 where there is no /proc."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@contextmanager
def _serving(artifact: Path) -> Iterator[_Serving]:
    command = [sys.executable, "-m", "model", "serve", "--artifact", str(artifact), "--port", "0"]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        host, _, port = line.strip().removeprefix("listening on http://").rpartition(":")
        if not host:
            raise RuntimeError(f"{artifact} is not served")
        yield _Serving(process, host, int(port))


def _milliseconds(connection: http.client.HTTPConnection, windows: int) -> float:
    closes = [30 + day / 10 for day in range(60)]
    highs, lows = [close + 0.5 for close in closes], [close - 0.5 for close in closes]
    instance = {"closes": closes, "highs": highs, "lows": lows}
    body = json.dumps({"instances": [instance] * windows})
    began = time.perf_counter()
    connection.request("POST", "/invocations", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - began
    if answer.status != http.client.OK:
        raise RuntimeError(f"answered {answer.status}")
    return taken * 1e3


def _latencies(name: str, taken: list[float], bar: float) -> list[Row]:
    told = f"serving: {name}, {len(taken):,} requests"
    p95 = statistics.quantiles(taken, n=20)[-1]
    return [
        Row(f"{told}, median", statistics.median(taken), "ms", bar),
        Row(f"{told}, p95", p95, "ms"),
    ]


def _main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        tiny = Path(directory) / "tiny"
        if arguments:
            artifact = Path(arguments[0])
        else:
            artifact = SHIPPED if SHIPPED.exists() else make_tiny_artifact(tiny)
        for row in rows(artifact):
            sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
