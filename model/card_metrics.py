"""The figures that a card gives of its own artifact, and on which closes they were measured.

    closes after the cut-off? ─ yes ─▶ measured there: nobody had seen them
                              └ no ──▶ measured on the validation span, and labelled so

The validation span decided when training ended and how wide bands are, so figures from it flatter;
an artifact that was trained until the newest close has no others yet.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from model.artifact import Artifact
from model.errors import NothingToScore
from model.report import measured_after

SPAN = "span"
"""Key of the label in the card's metrics."""
UNSEEN = "after the cut-off"
VALIDATION = "validation, before the cut-off"


def measured(until: date, border: date, closes: Path) -> Callable[[Artifact], dict[str, Any]]:
    """What measures an artifact for its card.

    Args:
        until: the last day that it was trained on.
        border: the first day of its validation span.
        closes: folder of closes.

    Raises:
        ClosesUnreadable: from here.
        NothingToScore: from what is returned, when the folder has closes of neither span.
    """
    unseen = measured_after(until, closes)

    def measure(artifact: Artifact) -> dict[str, Any]:
        try:
            return {SPAN: UNSEEN} | unseen(artifact)
        except NothingToScore:
            validated = measured_after(border - timedelta(days=1), closes)
            return {SPAN: VALIDATION} | validated(artifact)

    return measure


def told(metrics: dict[str, Any] | None) -> str:
    """One sentence about where a card's figures come from."""
    if metrics is None:
        return "Not measured: its card holds no figures."
    days = f"{metrics['from']} to {metrics['until']}"
    if metrics[SPAN] == UNSEEN:
        return f"Measured on {days}, which training never saw."
    return (
        f"No closes after the cut-off: measured on {days}, the validation span, "
        "which decided on its epochs and bands; expect a little less from the future."
    )
