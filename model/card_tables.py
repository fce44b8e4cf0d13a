"""Tables of the card's page, in Markdown: figures by step, by share, and how it was trained."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model.evaluate import Score

_BY_STEP = (
    "step", "MAPE", "MAE / naive", "p", "MAE / drift", "pinball / EWMA-t", "p",
    "pinball / GARCH-t", "p", "80 % holds", "95 % holds",
)  # fmt: skip
_BY_SHARE = (
    "share", "forecasts", "pinball / EWMA-t, step 1", "last step",
    "80 % holds, step 1", "last step",
)  # fmt: skip
_LEAST_SHOWN = 0.001


def by_step(steps: Sequence[Score]) -> str:
    """Pooled figures, each p beside the ratio that it belongs to."""
    return table(
        _BY_STEP,
        (
            (
                str(step), _percent(one.mape, 2), _ratio(one.mae_over_naive), _chance(one.p_naive),
                _ratio(one.mae_over_drift), _ratio(one.pinball_over_ewma), _chance(one.p_ewma),
                _ratio(one.pinball_over_garch), _chance(one.p_garch),
                _percent(one.coverage80, 1), _percent(one.coverage95, 1),
            )
            for step, one in enumerate(steps, 1)
        ),
    )  # fmt: skip


def by_share(shares: Mapping[str, Sequence[Score]]) -> str:
    """Spread against EWMA-t, and coverage, at the nearest step and the farthest."""
    return table(
        _BY_SHARE,
        (
            (
                ticker, f"{near.n:,}",
                _ratio(near.pinball_over_ewma), _ratio(far.pinball_over_ewma),
                _percent(near.coverage80, 1), _percent(far.coverage80, 1),
            )
            for ticker, (near, *_, far) in shares.items()
        ),
    )  # fmt: skip


def training(card: Mapping[str, Any]) -> str:
    """Which closes, which command, which versions, which files."""
    trained = card["trained"]
    learnt = f"{trained['from']} to the day before {trained['validated_from']}"
    validated = f"{trained['validated_from']} to {trained['until']}"
    files = (f"`{name}` {file['sha256'][:12]}" for name, file in card["files"].items())
    rows = {
        "learnt from": f"{learnt}, {trained['windows']:,} windows of {card['window']} closes",
        "validated and calibrated": f"{validated}, {trained['validated_windows']:,} windows",
        "cut-off": f"{trained['until']}; nothing after it was learnt from or calibrated on",
        "shares": ", ".join(trained["shares"]),
        "seed": str(trained["seed"]),
        "command": f"`{trained['command']}`",
        "duration": f"{trained['minutes']} minutes",
        "computed by": ", ".join(f"{name} {at}" for name, at in card["versions"].items()),
        "files (SHA-256)": ", ".join(files),
    }
    return table(("", ""), rows.items())


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _chance(value: float | None) -> str:
    if value is None:
        return "–"
    return f"< {_LEAST_SHOWN}" if value < _LEAST_SHOWN else f"{value:.3f}"


def _percent(value: float, digits: int) -> str:
    return f"{100 * value:.{digits}f} %"
