"""The track record of one share, or of all together, as it stood at one moment."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.figures import SPANS, Figures, figures
from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally


@dataclass(frozen=True, slots=True)
class Board:
    """The track record of one share, or of all, as it stood when it was read.

    Attributes:
        ticker: the share; None for all together.
        tallies: of the last 250 sessions with an outcome at most, oldest first.
        read_at: when, aware.
        due: without any outcome, when the first one can be expected, aware; else None.
        awaited: without any outcome, whether a forecast is already on record.
    """

    ticker: Ticker | None
    tallies: tuple[Tally, ...]
    read_at: datetime
    due: datetime | None = None
    awaited: bool = False

    def over(self, span: int) -> Figures | None:
        """The figures of the last `span` sessions; None without any outcome."""
        return figures(self.tallies, span, one_share=self.ticker is not None)

    @property
    def windows(self) -> tuple[Figures, ...]:
        """The figures of each span, up to the first that holds everything there is."""
        enough = [span for span in SPANS if span < len(self.tallies)]
        found = (self.over(span) for span in SPANS[: len(enough) + 1])
        return tuple(each for each in found if each is not None)
