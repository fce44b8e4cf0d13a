"""What other commands measured, as sentences for the card: the reference LSTM, retraining."""

import json
from pathlib import Path
from typing import Any

from model.errors import CannotBeDone


class FiguresUnreadable(CannotBeDone):
    """A file of figures that is not what its command writes."""


def sentences(reference: Path | None, backtest: Path | None) -> list[str]:
    """One paragraph for each file that is given.

    Raises:
        FiguresUnreadable: a file that the command did not write.
    """
    told = ((reference, _reference), (backtest, _backtest))
    return [_told(path, sentence) for path, sentence in told if path is not None]


def _told(path: Path, sentence: Any) -> str:
    try:
        return str(sentence(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FiguresUnreadable(f"{path} is no file of figures: {error!r}") from error


def _reference(figures: dict[str, Any]) -> str:
    reference, naive, ours = (figures[name]["mae"] for name in ("reference", "naive", "ours"))
    return (
        f"The reference LSTM (50-50, trained on one share) on its own {figures['n']} days of "
        f"{figures['ticker']}, {figures['first']} to {figures['last']}: MAE {reference:.4f}; "
        f"naive {naive:.4f}; this model {ours:.4f}, which is "
        f"{figures['ours_over_reference']:.3f} of the reference."
    )


def _backtest(figures: dict[str, Any]) -> str:
    about, ends = figures["about"], [figures["pooled"][step] for step in ("1", "6")]
    word = (
        "pays" if figures["pays"] else "costs" if figures["costs"] else "makes no sure difference"
    )
    near, far = (
        f"{end['pinball_retrained_over_frozen']:.4f} (p = {_shown(end['p_value'])})" for end in ends
    )
    return (
        f"Retraining every {about['months']} months {word}: from {figures['periods'][0]['from']} "
        f"to {about['until']} the retrained network's pinball loss was {near} times the frozen "
        f"one's at step 1 and {far} at step 6; bands of 80 % held "
        f"{ends[0]['coverage80_retrained']:.1%} and {ends[0]['coverage80_frozen']:.1%}."
    )


def _shown(p_value: float | None) -> str:
    return "1" if p_value is None else f"{p_value:.2g}"
