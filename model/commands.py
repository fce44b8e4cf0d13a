"""The commands of `python -m model`: train a network, publish it, measure it, serve it.

Each command loads only what it needs: `--help` is instant.
Exit codes: 0 done, 1 could not be done (the reason is one sentence), 2 wrongly asked for.
"""
# ruff: noqa: PLC0415 - each command loads only what it needs

import os
import shlex
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from model.terminal import (
    ArtifactFolder,
    ClosesFolder,
    Epochs,
    FiguresFile,
    FirstDay,
    Seed,
    Until,
    console,
    failures_as_sentences,
    progress_of,
    quiet_tensorflow,
)
from model.trial_commands import backtest, card, reference

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def train(
    closes: ClosesFolder,
    until: Until,
    out: Annotated[Path, typer.Option(help="Folder for weights, record and plot.")],
    seed: Seed = 0,
    epochs: Epochs = 8,
) -> None:
    """Train one network for all shares on closes until a day, and nothing after it."""
    quiet_tensorflow()
    with failures_as_sentences():
        _train(closes, until.date(), out, seed, epochs)


@app.command()
def export(  # noqa: PLR0913, PLR0917 - one per option
    run: Annotated[Path | None, typer.Option(help="Folder that `train` wrote.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the artifact; replaced if it exists.")
    ] = None,
    number: Annotated[int, typer.Option(min=1, help="Last part of the version.")] = 1,
    closes: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Measure on its closes after the last day trained."
        ),
    ] = None,
    challenger: Annotated[
        Path | None, typer.Option(help="Artifact that wants the champion's place.")
    ] = None,
    champion: Annotated[
        Path | None, typer.Option(help="Published artifact; replaced by one that is not worse.")
    ] = None,
) -> None:
    """Publish a run (--run, --out), or a challenger in its champion's place.

    A run is written as ONNX and SavedModel, if both answer what Keras answers. A challenger
    (--challenger, --champion, --closes: two artifacts that were exported before) is published only
    if it is not worse on closes that neither was trained on; 1 is the exit code when it is not.
    """
    with failures_as_sentences():
        match run, out, challenger, champion, closes:
            case Path(), Path(), None, None, _:
                quiet_tensorflow()
                _export(run, out, number, closes)
            case None, None, Path(), Path(), Path():
                _challenge(challenger, champion, closes)
            case _:
                wanted = "--run and --out, or --challenger, --champion and --closes, expected"
                raise typer.BadParameter(wanted)


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - one per option
    artifact: ArtifactFolder,
    closes: ClosesFolder,
    since: FirstDay,
    until: Until,
    json: FiguresFile,
    plot: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder for the figures as pictures.")
    ] = None,
) -> None:
    """Walk over closes that the network has not seen, and score it beside its rivals.

    Rivals: naive and drift for the error, EWMA-t and GARCH(1,1)-t for the bands.
    """
    with failures_as_sentences():
        _evaluate(artifact, closes, (since.date(), until.date()), json, plot)


for trial in (reference, backtest, card):
    app.command()(trial)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def serve(context: typer.Context) -> None:
    """Serve an artifact: GET /ping, POST /invocations."""
    from model import serving

    serving.main(context.args)


def _train(closes: Path, until: date, out: Path, seed: int, count: int) -> None:
    from model.closes import read_shares
    from model.run import finished, write_run
    from model.split import split
    from model.train import calibrated, epochs, new_network

    started = time.monotonic()
    parts = split(read_shares(closes), until)
    network = new_network(seed)
    seen = []
    with progress_of("training") as progress:
        task = progress.add_task("", total=count)
        for epoch in epochs(network, parts, seed, count):
            seen.append(epoch)
            loss = f"loss {epoch.loss:.4f}, validation {epoch.validation_loss:.4f}"
            progress.update(task, advance=1, description=loss)
    factors = calibrated(network, parts.validated)
    minutes = round((time.monotonic() - started) / 60, 1)
    record = finished(parts, until, seed, tuple(seen), factors)
    write_run(out, network, replace(record, command=_command_line(sys.argv), minutes=minutes))
    console().print(f"run of {minutes} minutes on {len(parts.shares)} shares: {out}")


def _export(run: Path, out: Path, number: int, closes: Path | None) -> None:
    import numpy as np

    from model.card_metrics import measured, told
    from model.export import export
    from model.run import read_run
    from model.sample_windows import COMPARED, sample_windows

    network, record = read_run(run)
    days = date.fromisoformat(record.until), date.fromisoformat(record.border)
    measure = measured(*days, closes) if closes else None
    windows = sample_windows(COMPARED, np.random.default_rng(record.seed))
    with console().status("converting and comparing"):
        artifact = export((network, record), number, out, windows, measure)
    console().print(f"{artifact.card['name']} {artifact.card['version']}: {out}")
    console().print(told(artifact.card["metrics"]), soft_wrap=True)


def _challenge(challenger: Path, champion: Path, closes: Path) -> None:
    from model.artifact import load
    from model.challenge import decided, published, sentence
    from model.closes import read_shares

    rivals = load(champion), load(challenger)
    with console().status("comparing"):
        decision = decided(*rivals, read_shares(closes))
    if decision.published:
        published(challenger, champion)
    console().print(sentence(decision, *rivals), soft_wrap=True)
    if not decision.published:
        raise typer.Exit(1)


def _evaluate(
    artifact: Path, closes: Path, span: tuple[date, date], json: Path, plot: Path | None
) -> None:
    from model.artifact import load
    from model.closes import read_shares
    from model.evaluate import scored, walks
    from model.report import WIDTH, as_json, as_table, write

    model = load(artifact)
    shares = read_shares(closes)
    with progress_of("forecasting") as progress:
        walked = walks(model, progress.track(shares), *span)
    report = scored(walked)
    write(json, as_json(report, model.card["version"], *span))
    if plot is not None:
        from model.plots import write_plots

        write_plots(plot, walked, report)
    title = f"{model.card['name']} {model.card['version']}, {span[0]} to {span[1]}"
    # Narrower, as in a pipe, the figures would be cut off.
    console(width=max(console().width, WIDTH)).print(as_table(report, title))


def _command_line(arguments: list[str]) -> str:
    """The command as it can be typed again beside this folder: no absolute path stays in it."""
    words = [_relative(word) for word in arguments[1:]]
    return shlex.join(["python", "-m", "model", *words])


def _relative(word: str) -> str:
    option, equals, value = word.rpartition("=")
    return option + equals + (os.path.relpath(value) if Path(value).is_absolute() else value)
