"""What a training run leaves behind: weights, a record of how they came about, a picture.

    weights.weights.h5   Keras weights of the network
    run.json             the record, calibration included
    losses.png           losses by epoch

A record is written last: a directory without one is not a finished run.
"""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
from matplotlib.figure import Figure

from model.errors import RunMissing
from model.network import Calibration, forecaster
from model.split import Split
from model.train import Epoch

WEIGHTS = "weights.weights.h5"
RECORD = "run.json"
PLOT = "losses.png"

_COMPUTED_BY = ("tensorflow", "keras", "onnxruntime", "numpy")


@dataclass(frozen=True, slots=True)
class Record:
    """How a network was trained; dates are ISO sessions.

    Attributes:
        command: as typed, without absolute paths.
        seed: of weights, of the order of windows and of hidden ranges.
        until: the last day that could be seen.
        first, border, last: oldest session, first one of the validation span, newest one.
        shares: tickers that windows came from.
        windows: how many were learnt from, and how many validated.
        epochs: losses, first to last.
        calibration: factors of the widths, STEPS rows.
        minutes: how long it took.
        versions: of Python and of the packages that computed it.
    """

    command: str
    seed: int
    until: str
    first: str
    border: str
    last: str
    shares: tuple[str, ...]
    windows: tuple[int, int]
    epochs: tuple[Epoch, ...]
    calibration: tuple[tuple[float, ...], ...]
    minutes: float
    versions: dict[str, str]

    def factors(self) -> Calibration:
        """The calibration as the network takes it."""
        return np.array(self.calibration, np.float32)


def finished(
    parts: Split, until: date, seed: int, epochs: tuple[Epoch, ...], factors: Calibration
) -> Record:
    """The record of a run, without command and duration."""
    return Record(
        command="",
        seed=seed,
        until=str(until),
        first=str(parts.first),
        border=str(parts.border),
        last=str(parts.last),
        shares=parts.shares,
        windows=(len(parts.learnt), len(parts.validated)),
        epochs=epochs,
        calibration=tuple(tuple(row) for row in factors.astype(float).round(4).tolist()),
        minutes=0.0,
        versions={"python": platform.python_version()}
        | {package: version(package) for package in _COMPUTED_BY},
    )


def write_run(directory: Path, network: keras.Model, record: Record) -> None:
    """Write weights, picture and record; replaces an earlier run in the same place."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / RECORD).unlink(missing_ok=True)
    network.save_weights(directory / WEIGHTS)
    _plot(record).savefig(directory / PLOT)
    content = json.dumps(asdict(record), indent=1) + "\n"
    (directory / RECORD).write_text(content, encoding="utf-8")


def read_run(directory: Path) -> tuple[keras.Model, Record]:
    """The calibrated network and its record.

    Raises:
        RunMissing: no record, or one of another version of this program.
    """
    try:
        content = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        content["epochs"] = [Epoch(**epoch) for epoch in content["epochs"]]
        record = Record(**{name: _tuples(value) for name, value in content.items()})
        network = forecaster(record.factors())
        network.load_weights(directory / WEIGHTS)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunMissing(f"no finished training run in {directory}: {error}") from error
    return network, record


def _tuples(value: Any) -> Any:
    """JSON knows lists alone."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _plot(record: Record) -> Figure:
    """Losses by epoch; no window is opened."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    numbers = range(1, len(record.epochs) + 1)
    axes.plot(numbers, [epoch.loss for epoch in record.epochs], "o-", label="learnt from")
    validated = [epoch.validation_loss for epoch in record.epochs]
    axes.plot(numbers, validated, "o-", label=f"validated, from {record.border}")
    axes.set(xlabel="epoch", ylabel="pinball loss in spreads", title=f"until {record.until}")
    axes.legend()
    return figure
