"""Commands that put the network to the test: against the reference, against its frozen self.

Declarations, reading and printing; what is measured is in `model.reference`, `model.backtest` and
`model.card_page`.  `model.commands` registers them.
"""
# ruff: noqa: PLC0415 - each command loads only what it needs

import json as json_format
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.backtest import Backtest, Period
    from model.closes import Share
    from model.head_to_head import Forecaster

_SHIPPED = Path(__file__).parent / "shipped"


def _months(text: str) -> int:
    """`6m` or `2y` in months."""
    months = {"m": 1, "y": 12}.get(text[-1:])
    if months is None or not text[:-1].isdecimal() or not int(text[:-1]):
        raise typer.BadParameter(f"{text!r}, months or years as in 6m or 1y expected")
    return months * int(text[:-1])


Every = Annotated[int, typer.Option(parser=_months, metavar="6m", help="How often to retrain.")]


def reference(  # noqa: PLR0913, PLR0917 - one per option
    closes: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="CSV file of one share.")
    ],
    json: FiguresFile,
    artifact: ArtifactFolder = _SHIPPED,
    since: FirstDay = datetime(2021, 1, 4),  # noqa: DTZ001 - a day of the calendar
    until: Until = datetime(2025, 6, 30),  # noqa: DTZ001 - a day of the calendar
    seed: Seed = 0,
    epochs: Epochs = 50,
) -> None:
    """Train the reference architecture on one share, and compare it with naive and ours.

    The days are those of the reference's own notebook: the first 80 % of the windows between them
    are trained on, the rest is scored.
    """
    quiet_tensorflow()
    with failures_as_sentences():
        from model.artifact import load
        from model.closes import read_share
        from model.reference import as_sentence, side_by_side
        from model.report import write

        share, ours = read_share(closes).between(since.date(), until.date()), load(artifact)
        with progress_of("training") as progress:
            task = progress.add_task("", total=epochs)
            result = side_by_side(share, ours, seed, epochs, lambda: progress.advance(task))
        about = {"version": ours.card["version"], "seed": seed, "epochs": epochs}
        write(json, json_format.dumps({"about": about} | result.as_content(), indent=1) + "\n")
        console().print(as_sentence(result), soft_wrap=True)


def backtest(  # noqa: PLR0913, PLR0917 - one per option
    closes: ClosesFolder,
    since: FirstDay,
    until: Until,
    json: FiguresFile,
    every: Every = "6m",  # type: ignore[assignment]  # the parser turns it into months
    seed: Seed = 0,
    epochs: Epochs = 8,
) -> None:
    """Retrain along the way, compare with the network of the first day, say whether it pays."""
    quiet_tensorflow()
    with failures_as_sentences():
        from model.backtest import as_content, periods, verdict
        from model.closes import read_shares
        from model.report import write

        spans = periods(since.date(), until.date(), every)
        result = _backtest(read_shares(closes), spans, seed, epochs)
        about = {"from": str(spans[0].first), "until": str(spans[-1].last), "months": every}
        about |= {"seed": seed, "epochs": epochs}
        write(json, json_format.dumps({"about": about} | as_content(result), indent=1) + "\n")
        console().print(verdict(result), soft_wrap=True)


def card(
    artifact: ArtifactFolder,
    closes: ClosesFolder,
    out: Annotated[Path, typer.Option(help="Page to write; pictures go beside it.")],
    reference: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="File that `reference` wrote.")
    ] = None,
    backtest: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="File that `backtest` wrote.")
    ] = None,
) -> None:
    """Write the artifact's card as a page: closes, figures beside baselines, weaknesses, use."""
    with failures_as_sentences():
        from model.artifact import load
        from model.card_page import evaluated, write_page
        from model.card_rivals import sentences
        from model.closes import read_shares

        model, shares = load(artifact), read_shares(closes)
        with console().status("forecasting"):
            result = evaluated(model, shares)
        write_page(out, model.card, result, sentences(reference, backtest))
        console().print(f"{model.card['name']} {model.card['version']}: {out}")


def _backtest(
    shares: "Sequence[Share]", spans: "Sequence[Period]", seed: int, epochs: int
) -> "Backtest":
    """Train one network after the other, and show how far that has come."""
    from model.backtest import backtest as walk
    from model.retrain import trained

    with progress_of("retraining") as progress:
        task = progress.add_task("", total=len(spans) * epochs)

        def train(day: date) -> "Forecaster":
            progress.update(task, description=f"until {day}")
            return trained(shares, day, seed, epochs, lambda: progress.advance(task))

        return walk(shares, train, spans)
