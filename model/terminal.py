"""What the commands of `python -m model` share: options, progress bars, failures as sentences.

Rich is loaded only where something is shown, because `serve` has to be up at once.
"""
# ruff: noqa: PLC0415 - see above

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.errors import CannotBeDone

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

ClosesFolder = Annotated[
    Path,
    typer.Option("--closes", exists=True, file_okay=False, help="Folder of <TICKER>.csv files."),
]
ArtifactFolder = Annotated[Path, typer.Option("--artifact", help="Folder of the artifact.")]
FirstDay = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day to forecast.")
]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day, included.")
]
FiguresFile = Annotated[Path, typer.Option("--json", help="File for the figures.")]
Seed = Annotated[int, typer.Option(help="Same seed, same network.")]
Epochs = Annotated[int, typer.Option(min=1, help="At most so many.")]


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """One sentence on standard error and exit code 1, instead of a traceback."""
    try:
        yield
    except (CannotBeDone, OSError) as error:
        console(stderr=True).print(f"[red]{type(error).__name__}[/red]: {error}", soft_wrap=True)
        raise typer.Exit(1) from error


def console(**how: Any) -> "Console":
    """Where people read; `how` is Rich's."""
    from rich.console import Console

    return Console(**how)


def progress_of(what: str) -> "Progress":
    """A bar named `what`; each task's description says how far it has come."""
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


def quiet_tensorflow() -> None:
    """Its remarks about graphics cards and tracing help nobody here."""
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # noqa: TID251 - TensorFlow reads no other
