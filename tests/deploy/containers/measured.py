"""How soon the serving image answers, and what it needs.

`python -m tests.deploy.containers.measured` prints it.

From the start of the namespaces to the line that says where it listens; Docker's own time and
SageMaker's are not in it.  Figures are told and never asserted.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.rows import Row
from tests.deploy.containers.container import Image, laid_out, possible, started
from tests.deploy.containers.containerfile import ROOT

STARTS = 10
SHIPPED = ROOT / "model" / "shipped"


def rows(artifact: Path = SHIPPED) -> list[Row]:
    """Start it ten times, and ask the last one for a thousand forecasts; none where it cannot be.

    Raises:
        RuntimeError: it did not start or did not answer.
    """
    if not possible():
        return []
    with tempfile.TemporaryDirectory() as folder:
        image = laid_out("serving", Path(folder) / "app")
        found = [_started(image, artifact, Path(folder)) for _ in range(STARTS)]
        size = sum(file.stat().st_size for file in image.app.rglob("*") if file.is_file()) / 1e6
    seconds, peaks = [one[0] for one in found], [one[1] for one in found]
    return [
        Row(f"serving image: ready, median of {STARTS}", statistics.median(seconds), "s", 1.0),
        Row(f"serving image: ready, slowest of {STARTS}", max(seconds), "s"),
        Row("serving image: peak memory after 1,000 windows", max(peaks), "MB", 120),
        Row("serving image: /app, uncompressed", size, "MB"),
    ]


def _started(image: Image, artifact: Path, folder: Path) -> tuple[float, float]:
    """Seconds until it is ready, and MB at its peak."""
    began = time.perf_counter()
    with started(image, folder / "root", {str(artifact): "/opt/ml/model"}, "serve") as container:
        told = container.ready()
        seconds = time.perf_counter() - began
        asked = container.run_beside(sys.executable, "-m", "tests.deploy.containers.asking")
        if not told or asked.returncode:
            raise RuntimeError(f"the container did not answer: {asked.stderr}")
        return seconds, container.told("VmHWM") / 1024


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
