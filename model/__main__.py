"""`python -m model`: train a network, publish it, measure it, serve it.

Each command loads only what it needs: `serve` never sees TensorFlow, and `--help` is instant.
Exit codes: 0 done, 1 could not be done (the reason is one sentence), 2 wrongly asked for.
"""
# ruff: noqa: PLC0415 - each command loads only what it needs

import logging
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.errors import CannotBeDone

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

ClosesFolder = Annotated[
    Path,
    typer.Option("--closes", exists=True, file_okay=False, help="Folder of <TICKER>.csv files."),
]
ArtifactFolder = Annotated[Path, typer.Option("--artifact", help="Folder of the artifact.")]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day, included.")
]


@app.command()
def train(
    closes: ClosesFolder,
    until: Until,
    out: Annotated[Path, typer.Option(help="Folder for weights, record and plot.")],
    seed: Annotated[int, typer.Option(help="Same seed, same network.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="At most so many.")] = 8,
) -> None:
    """Train one network for all shares on closes until a day, and nothing after it."""
    _quiet_tensorflow()
    with _failures_as_sentences():
        _train(closes, until.date(), out, seed, epochs)


@app.command()
def export(
    run: Annotated[Path, typer.Option(help="Folder that `train` wrote.")],
    out: Annotated[Path, typer.Option(help="Folder of the artifact; replaced if it exists.")],
    number: Annotated[int, typer.Option(min=1, help="Last part of the version.")] = 1,
    closes: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Measure on its closes after the run's last day."
        ),
    ] = None,
) -> None:
    """Publish a run as ONNX and SavedModel, if both answer what Keras answers."""
    _quiet_tensorflow()
    with _failures_as_sentences():
        _export(run, out, number, closes)


@app.command()
def evaluate(
    artifact: ArtifactFolder,
    closes: ClosesFolder,
    since: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day to forecast.")
    ],
    until: Until,
    json: Annotated[Path, typer.Option(help="File for the figures.")],
) -> None:
    """Walk over closes that the network has not seen, and score it beside naive and EWMA-t."""
    with _failures_as_sentences():
        _evaluate(artifact, closes, since.date(), until.date(), json)


@app.command()
def serve(
    artifact: ArtifactFolder = Path(__file__).parent / "shipped",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8080,
    *,
    until_stdin_closes: Annotated[
        bool, typer.Option(help="End when standard input ends, as when a parent dies.")
    ] = False,
) -> None:
    """Serve an artifact: GET /ping, POST /invocations."""
    from model import serving

    serving.serve(artifact, host, port, until_stdin_closes=until_stdin_closes)


def _train(closes: Path, until: date, out: Path, seed: int, count: int) -> None:
    from model.closes import read_shares
    from model.run import finished, write_run
    from model.split import split
    from model.train import calibrated, epochs, new_network

    started = time.monotonic()
    parts = split(read_shares(closes), until)
    network = new_network(seed)
    seen = []
    with _progress("training") as progress:
        task = progress.add_task("", total=count)
        for epoch in epochs(network, parts, seed, count):
            seen.append(epoch)
            loss = f"loss {epoch.loss:.4f}, validation {epoch.validation_loss:.4f}"
            progress.update(task, advance=1, description=loss)
    factors = calibrated(network, parts.validated)
    minutes = round((time.monotonic() - started) / 60, 1)
    record = finished(parts, until, seed, tuple(seen), factors)
    write_run(out, network, replace(record, command=_command_line(sys.argv), minutes=minutes))
    _console().print(f"run of {minutes} minutes on {len(parts.shares)} shares: {out}")


def _export(run: Path, out: Path, number: int, closes: Path | None) -> None:
    import numpy as np

    from model.export import export
    from model.report import measured_after
    from model.run import read_run
    from model.sample_windows import COMPARED, sample_windows

    network, record = read_run(run)
    measure = measured_after(date.fromisoformat(record.until), closes) if closes else None
    windows = sample_windows(COMPARED, np.random.default_rng(record.seed))
    with _console().status("converting and comparing"):
        artifact = export((network, record), number, out, windows, measure)
    _console().print(f"{artifact.card['name']} {artifact.card['version']}: {out}")


def _evaluate(artifact: Path, closes: Path, first: date, last: date, json: Path) -> None:
    from model.artifact import load
    from model.closes import read_shares
    from model.evaluate import evaluate
    from model.report import as_json, as_table, write

    model = load(artifact)
    shares = read_shares(closes)
    with _progress("forecasting") as progress:
        report = evaluate(model, progress.track(shares), first, last)
    write(json, as_json(report, model.card["version"], first, last))
    title = f"{model.card['name']} {model.card['version']}, {first} to {last}"
    # Narrower, as in a pipe, the figures would be cut off.
    _console(width=max(_console().width, 124)).print(as_table(report, title))


@contextmanager
def _failures_as_sentences() -> Iterator[None]:
    """One sentence on standard error and exit code 1, instead of a traceback."""
    try:
        yield
    except (CannotBeDone, OSError) as error:
        _console(stderr=True).print(f"[red]{type(error).__name__}[/red]: {error}", soft_wrap=True)
        raise typer.Exit(1) from error


def _console(**how: Any) -> "Console":
    from rich.console import Console

    return Console(**how)


def _progress(what: str) -> "Progress":
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )  # fmt: skip


def _command_line(arguments: list[str]) -> str:
    """The command as it can be typed again beside this folder: no absolute path stays in it."""
    words = [_relative(word) for word in arguments[1:]]
    return shlex.join(["python", "-m", "model", *words])


def _relative(word: str) -> str:
    option, equals, value = word.rpartition("=")
    return option + equals + (os.path.relpath(value) if Path(value).is_absolute() else value)


def _quiet_tensorflow() -> None:
    """Its remarks about graphics cards and tracing help nobody here."""
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # noqa: TID251 - TensorFlow reads no other


if __name__ == "__main__":
    app()
