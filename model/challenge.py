"""Champion and challenger: the published artifact gives way only to one that is not worse.

    both artifacts ─closes after the later cut-off─▶ loss and coverage ─▶ published or kept

Both are published artifacts, not training runs: what is compared, to the byte, is what would be
served.  A challenger is trained until some months ago, so that closes are left which neither has
seen; one trained until today cannot be judged by anybody yet, and is refused.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.artifact import Artifact, load
from model.closes import Share
from model.errors import ArtifactCorrupted, NothingToScore
from model.head_to_head import Comparison, Forecaster, compared, fought
from model.windows import Windows, make_windows

TOLERANCE = 0.002
"""Losses closer than this count as equal: two seeds differ by 0.0002 to 0.0006
(docs/decisions/model.md), and no reader of a band would see it."""
SIGNIFICANCE = 0.05
COVERAGE80 = (0.75, 0.85)
"""What an 80 % band has to hold, first step and last, whatever its loss is."""
FEWEST_SESSIONS = 20
"""About a month; on fewer sessions nothing is told from luck, so nothing is published."""

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the challenger takes the champion's place, and why.

    Attributes:
        reasons: what speaks against it; none when it is published.
        first, last: days of the comparison.
        steps: the challenger against the champion, at the first step and the last.
    """

    reasons: tuple[str, ...]
    first: date
    last: date
    steps: tuple[Comparison, Comparison]

    @property
    def published(self) -> bool:
        """Nothing speaks against it."""
        return not self.reasons


def decided(champion: Artifact, challenger: Artifact, shares: Sequence[Share]) -> Decision:
    """Compare the two on all closes after the later cut-off.

    Raises:
        ArtifactCorrupted: a card does not say until when its artifact was trained.
        NothingToScore: there are no such closes, or too few.
    """
    first = max(map(trained_until, (champion, challenger))) + timedelta(days=1)
    last = max((share.days[-1].item() for share in shares if len(share.days)), default=first)
    rivals = _forecaster(champion), _forecaster(challenger)
    unseen = ((share.ticker, make_windows(share).between(first, last)) for share in shares)
    bouts = [fought(ticker, windows, *rivals) for ticker, windows in unseen if len(windows)]
    sessions = len(np.unique(np.concatenate([bout.days for bout in bouts]))) if bouts else 0
    if sessions < FEWEST_SESSIONS:
        raise NothingToScore(
            f"forecasts start on {sessions} sessions from {first} on that neither artifact has "
            f"seen, at least {FEWEST_SESSIONS} expected: the champion is kept"
        )
    steps = compared(bouts)
    judged = steps[0], steps[-1]
    return Decision(_reasons(judged, len(steps)), first, last, judged)


def published(challenger: Path, champion: Path) -> None:
    """Put a copy of the challenger in the champion's place, whole or not at all.

    Raises:
        OSError: the copy could not be made or moved; the champion is where it was.
    """
    with tempfile.TemporaryDirectory(dir=champion.parent, prefix=f".{champion.name}.") as scratch:
        fresh, replaced = Path(scratch) / "artifact", Path(scratch) / "replaced"
        shutil.copytree(challenger, fresh)
        load(fresh)
        champion.rename(replaced)
        try:
            fresh.rename(champion)
        except OSError:
            replaced.rename(champion)
            raise


def sentence(decision: Decision, champion: Artifact, challenger: Artifact) -> str:
    """What was decided, for people, with the figures that decided it."""
    names = [f"{one.card['name']} {one.card['version']}" for one in (challenger, champion)]
    what = "{} takes the place of {}" if decision.published else "{1} is kept, {0} is refused"
    why = "; ".join(decision.reasons) or _not_worse(decision.steps)
    span = f"{decision.first} to {decision.last}, {decision.steps[0].n:,} forecasts a step"
    return f"{what.format(*names)}: {why} ({span})."


def trained_until(artifact: Artifact) -> date:
    """The last day that an artifact was trained on.

    Raises:
        ArtifactCorrupted: its card does not say.
    """
    try:
        return date.fromisoformat(artifact.card["trained"]["until"])
    except (KeyError, TypeError, ValueError) as error:
        version = artifact.card["version"]
        raise ArtifactCorrupted(f"the card of {version} lacks trained.until") from error


def _forecaster(artifact: Artifact) -> Forecaster:
    def prices(windows: Windows) -> NDArray[np.float64]:
        cuts = [slice(start, start + _BATCH) for start in range(0, len(windows), _BATCH)]
        answers = [
            artifact.quantiles(windows.closes[cut], windows.highs[cut], windows.lows[cut])
            for cut in cuts
        ]
        return np.concatenate(answers).astype(float)

    return Forecaster(tuple(artifact.card["levels"]), prices)


def _not_worse(judged: tuple[Comparison, Comparison]) -> str:
    near, far = judged
    return (
        f"{near.pinball_ratio:.4f} x its pinball loss at the first step and "
        f"{far.pinball_ratio:.4f} x at the last, 80 % bands holding {near.coverage80[1]:.1%} "
        f"and {far.coverage80[1]:.1%}"
    )


def _reasons(judged: tuple[Comparison, Comparison], steps: int) -> tuple[str, ...]:
    low, high = COVERAGE80
    reasons = []
    for step, one in zip((1, steps), judged, strict=True):
        held = one.coverage80[1]
        if one.pinball_ratio > 1 + TOLERANCE and one.surely_worse(SIGNIFICANCE):
            loss = f"{one.pinball_ratio:.4f} x the champion's pinball loss, p = {one.p_value:.2g}"
            reasons.append(f"step {step}: {loss}")
        if not low <= held <= high:
            allowed = f"{low:.0%} to {high:.0%} expected"
            reasons.append(f"step {step}: its 80 % band holds {held:.1%}, {allowed}")
    return tuple(reasons)
