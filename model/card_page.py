"""The card as a page for people: Markdown, generated from `card.json` and an evaluation.

    card.json ─────────────────────────────┐
    closes ─walks─▶ report ─▶ tables ───────┼─▶ CARD.md
                          └─▶ pictures ────┘    card/*.png beside it

Nothing on it is typed by hand but the sentences that hold for every artifact; claims of skill are
made only where the test says so, and years that training has seen are labelled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from model import plots
from model.artifact import Artifact
from model.card_metrics import UNSEEN, VALIDATION
from model.card_tables import by_share, by_step, training
from model.closes import Share
from model.errors import ArtifactCorrupted, NothingToScore
from model.evaluate import Report, Score, scored, walks
from model.report import write
from model.walk import Walk

SIGNIFICANCE = 0.05
_PICTURES = {
    "calibration": "How often closes were below each quantile, and how often they should have been",
    "error-by-step": "Loss by step, relative to naive and to EWMA-t",
}
_DOTS_PER_INCH = 72
_RIVALS = {"EWMA-t": "ewma", "GARCH-t": "garch"}
"""Of the spread, and how their figures are called."""

_USE = """\
Bands of the next six closes of liquid B3 shares, shown to people beside the last close, so that
they see how far a close usually moves. One set of weights serves every share and currency.

Not for: advice to buy or sell, automatic trading, intraday prices, options, funds or currencies,
or shares that hardly trade. The median is no opinion about where a price goes."""

_WEAKNESSES = """\
- It sees sixty sessions of closes, highs and lows of one share and nothing else: no news, no
  results, no calendar of dividends, no other market. What is announced overnight surprises it.
- Sixty sessions do not tell a share's own long-run variance. GARCH-t, fitted to each share, knows
  it, which shows most six sessions ahead.
- Moves beyond ±35 % in a session are taken for corporate actions: windows with one are neither
  learnt from nor scored, so it says nothing about such days.
- Shares move together. The test counts a session once, but a few bad weeks still weigh heavily.
- Closes are adjusted for splits and not for dividends; shares that were delisted are missing."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An artifact's own figures.

    Attributes:
        span: `UNSEEN` or `VALIDATION`.
        first, last: days of the evaluation.
        walked: forecasts of each share.
        report: their scores.
    """

    span: str
    first: date
    last: date
    walked: Sequence[Walk]
    report: Report


def evaluated(artifact: Artifact, shares: Sequence[Share]) -> Evaluation:
    """Walk over all closes after the cut-off, or over the validation span when there are none.

    Raises:
        ArtifactCorrupted: the card does not say when training ended or validation began.
        NothingToScore: no forecast in either span.
    """
    until, border = (_day(artifact.card, key) for key in ("until", "validated_from"))
    last = max((share.days[-1].item() for share in shares if len(share.days)), default=until)
    after = until + timedelta(days=1)
    try:
        walked = walks(artifact, shares, after, last)
    except NothingToScore:
        walked = walks(artifact, shares, border, until)
        return Evaluation(VALIDATION, border, until, walked, scored(walked))
    return Evaluation(UNSEEN, after, last, walked, scored(walked))


def write_page(
    path: Path, card: Mapping[str, Any], result: Evaluation, rivals: Sequence[str] = ()
) -> None:
    """Write the page, and its pictures into a folder beside it, named like it in small letters.

    Args:
        path: of the page; `CARD.md` gets its pictures in `card/`.
        card: what `card.json` says.
        result: of the same artifact.
        rivals: sentences about comparisons that were measured elsewhere.
    """
    pictures = path.with_name(path.stem.lower())
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = plots.calibration(result.walked), plots.error_by_step(result.report)
    for name, figure in zip(_PICTURES, drawn, strict=True):
        figure.savefig(pictures / f"{name}.png", dpi=_DOTS_PER_INCH)
    write(path, page(card, result, pictures.name, rivals))


def page(
    card: Mapping[str, Any], result: Evaluation, pictures: str, rivals: Sequence[str] = ()
) -> str:
    """The whole page; `pictures` is their folder, relative to it."""
    shown = [f"![{said}]({pictures}/{name}.png)" for name, said in _PICTURES.items()]
    beside = [_where(result), by_step(result.report.pooled), *rivals, *shown]
    sections = {
        f"# {card['name']} {card['version']}": _summary(result),
        "## Intended use": _USE,
        "## Beside every baseline": "\n\n".join(beside),
        "## Share by share": by_share(result.report.shares),
        "## Known weaknesses": _weaknesses(result.report),
        "## Closes and training": training(card),
    }
    body = "\n\n".join(f"{heading}\n\n{text}" for heading, text in sections.items())
    return f"{body}\n\nGenerated by `python -m model card`; do not edit.\n"


def _summary(result: Evaluation) -> str:
    """What may be claimed, and what may not: by the test, not by the ratio."""
    if result.span == VALIDATION:
        return "No skill is claimed yet: there are no closes after the cut-off to show it on."
    steps = result.report.pooled
    point = _better(steps, "mae_over_naive", "p_naive")
    where = (
        f"**Where to:** better than naive (same close as before) at {point}."
        if point
        else "**Where to:** no skill beyond naive (same close as before) is claimed."
    )
    far = [
        f"better than {rival} at {won}" if won else f"not shown to be better than {rival}"
        for rival, key in _RIVALS.items()
        for won in [_better(steps, f"pinball_over_{key}", f"p_{key}")]
    ]
    test = f"Claims rest on a two-sided Diebold-Mariano test, p < {SIGNIFICANCE}."
    return f"{where} **How far:** {', '.join(far)}. {test}"


def _weaknesses(report: Report) -> str:
    """Those of every artifact, and the bands that held least and most in this evaluation."""
    held = [
        (score.coverage80, f"{ticker}, step {step}")
        for ticker, scores in report.shares.items()
        for step, score in enumerate(scores, 1)
    ]
    (least, few), (most, many) = min(held), max(held)
    return (
        f"{_WEAKNESSES}\n- Bands hold as promised over many shares, not for each: those of 80 % "
        f"held least for {few} ({least:.1%}) and most for {many} ({most:.1%})."
    )


def _better(steps: Sequence[Score], ratio: str, chance: str) -> str:
    """The steps at which the rival was surely beaten, in words; empty when at none."""
    won = [
        str(step)
        for step, score in enumerate(steps, 1)
        if _below(getattr(score, ratio), 1.0) and _below(getattr(score, chance), SIGNIFICANCE)
    ]
    return f"step{'s' * (len(won) > 1)} {', '.join(won)}" if won else ""


def _below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit


def _where(result: Evaluation) -> str:
    count = f"{result.report.pooled[0].n:,} forecasts a step of {len(result.walked)} shares"
    days = f"Sessions {result.first} to {result.last}, {count}"
    if result.span == UNSEEN:
        return f"{days}: all after the cut-off, never seen in training. Below 1 is better."
    return (
        f"{days}: **the validation span, before the cut-off**, which decided when training ended "
        "and how wide the bands are. There are no closes after the cut-off yet; these figures "
        "flatter. Below 1 is better."
    )


def _day(card: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(card["trained"][key])
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactCorrupted(f"the card of {card['version']} lacks trained.{key}") from error
