"""What is answered instead of a forecast: a true status, a sentence, and when to try again.

    ForecastError, StorageUnavailable ──refusal()──▶ Refusal ──▶ {"erro": …} or a page

The sentences are those of `bot.wording.rest`.
"""

from dataclasses import dataclass
from functools import singledispatch

from bot.errors import (
    ClosesUnavailable,
    ClosesUnusable,
    ForecastError,
    ModelRefused,
    ModelUnavailable,
    StorageUnavailable,
    TickerNotServed,
    TooManyLookups,
    UnknownTicker,
)
from bot.wording import rest
from bot.wording.page import headings

Headers = tuple[tuple[bytes, bytes], ...]

SOURCE_RETRY = 60
"""Seconds; a source that is away is not asked again sooner."""
MODEL_RETRY = 30
"""Seconds in which an endpoint that was throttled or started anew usually answers again."""
REFUSED_RETRY = 300
"""Seconds; a model that answers rubbish has to be mended first."""
LOOKUPS_RETRY = 3600
"""Seconds for which unknown names are counted."""

HANG_UP: Headers = ((b"connection", b"close"),)
"""For requests whose rest is not read."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no forecast.

    Attributes:
        status: HTTP status, which says the same as the sentence.
        sentence: what happened and what to do next, in Portuguese; empty for an empty body.
        headers: what else the status demands.
        heading: of its page; empty for the usual one of the status.
        page: the sentence for people, who then get a page at whatever address; usually empty.
    """

    status: int
    sentence: str
    headers: Headers = ()
    heading: str = ""
    page: str = ""


class Refused(Exception):
    """Ends a request; `refusal` is what is answered."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.status}")
        self.refusal = refusal


def retry_after(seconds: int) -> Headers:
    """When to try again."""
    return ((b"retry-after", str(seconds).encode()),)


@singledispatch
def refusal(_error: Exception) -> Refusal | None:
    """How an exception is answered; None when nobody foresaw it."""
    return None


@refusal.register
def _refused(error: Refused) -> Refusal:
    return error.refusal


@refusal.register
def _forecast(error: ForecastError) -> Refusal:
    return _no_forecast(503, error, retry_after(SOURCE_RETRY) if error.retry else ())


def _no_forecast(status: int, error: ForecastError, headers: Headers = ()) -> Refusal:
    return Refusal(status, rest.sorry(error), headers, headings.NO_FORECAST)


@refusal.register
def _no_such_share(error: UnknownTicker) -> Refusal:
    return Refusal(404, rest.sorry(error), heading=headings.NO_SUCH_SHARE)


@refusal.register
def _not_served(error: TickerNotServed) -> Refusal:
    return Refusal(404, rest.sorry(error), heading=headings.NOT_SERVED)


@refusal.register
def _too_many_lookups(error: TooManyLookups) -> Refusal:
    return _no_forecast(429, error, retry_after(LOOKUPS_RETRY))


@refusal.register
def _closes_away(error: ClosesUnavailable) -> Refusal:
    return _no_forecast(503, error, retry_after(SOURCE_RETRY))


@refusal.register
def _closes_unusable(error: ClosesUnusable) -> Refusal:
    return _no_forecast(422, error)


@refusal.register
def _model_away(error: ModelUnavailable) -> Refusal:
    return _no_forecast(503, error, retry_after(MODEL_RETRY))


@refusal.register
def _model_refused(error: ModelRefused) -> Refusal:
    return _no_forecast(503, error, retry_after(REFUSED_RETRY))


@refusal.register
def _storage_away(_error: StorageUnavailable) -> Refusal:
    return Refusal(503, rest.STORAGE_AWAY, retry_after(MODEL_RETRY))
