"""Everything that can go wrong while answering somebody, as one small tree.

    ForecastError
    ├── UnknownTicker      what was asked for is no share that B3 lists
    ├── TickerNotServed    a real share, but outside this bot's allow-list
    ├── TooManyLookups     too many unknown names in a short time     (worth retrying)
    ├── ClosesUnavailable  the source of closes did not answer        (worth retrying)
    ├── ClosesUnusable     it answered, but nothing to forecast from
    │   ├── WindowTooShort     fewer valid closes than the model's window
    │   └── ClosesStale        the newest close is too old to forecast from
    └── ModelUnavailable   the endpoint did not answer                (worth retrying)
        └── ModelRefused       it answered, but not with a forecast

Outside of it stand `StorageUnavailable`, since a forecast needs no database, and `CannotGoOn`,
which only a terminal sees.

Edges translate vendor exceptions into these; nothing above an edge sees a botocore or yfinance
exception.  The Portuguese sentence shown for each leaf lives in `bot.wording.messages`, and a
test fails when a leaf has none.
"""

from datetime import date


class ForecastError(Exception):
    """Base of all errors that end in a calm sentence instead of a forecast."""

    retry = False
    """Whether the same question may succeed in a few minutes."""


class UnknownTicker(ForecastError):
    """What was asked for is no share that B3 lists.

    Attributes:
        text: what was typed, as typed; may be long or hostile, so wording shortens and escapes it.
    """

    def __init__(self, text: str) -> None:
        super().__init__("what was typed is no share")  # chat text stays out of logs
        self.text = text


class TickerNotServed(ForecastError):
    """A share outside the allow-list of the settings.

    Attributes:
        ticker: the share that was asked for, in Yahoo's spelling.
        served: the shares of the allow-list, in Yahoo's spelling.
    """

    def __init__(self, ticker: str, served: tuple[str, ...]) -> None:
        super().__init__(f"{ticker} is outside the allow-list")
        self.ticker = ticker
        self.served = served


class TooManyLookups(ForecastError):
    """Too many names that the source does not know were asked for in a short time."""

    retry = True

    def __init__(self, ticker: str) -> None:
        super().__init__(f"look-ups of unknown names are exhausted, {ticker} not looked up")
        self.ticker = ticker


class ClosesUnavailable(ForecastError):
    """The source of closes timed out, limited us or answered with rubbish; nothing was kept.

    Attributes:
        ticker: the share whose closes were wanted.
        reason: one English phrase for the log, never shown to people.
    """

    retry = True

    def __init__(self, ticker: str, reason: str) -> None:
        super().__init__(f"no closes of {ticker}: {reason}")
        self.ticker = ticker
        self.reason = reason


class ClosesUnusable(ForecastError):
    """The source answered, but its closes cannot be forecast from."""


class WindowTooShort(ClosesUnusable):
    """Fewer valid closes than the model's window, as with a share listed recently.

    Attributes:
        ticker: the share that was asked for.
        found: how many valid closes there were, in sessions.
        needed: how many the model's window takes, in sessions.
    """

    def __init__(self, ticker: str, found: int, needed: int) -> None:
        super().__init__(f"{ticker} has {found} valid closes, {needed} needed")
        self.ticker = ticker
        self.found = found
        self.needed = needed


class ClosesStale(ClosesUnusable):
    """The newest close lies so far back that no step of the model reaches the coming session.

    Attributes:
        ticker: the share that was asked for.
        newest: session of its newest valid close.
    """

    def __init__(self, ticker: str, newest: date) -> None:
        super().__init__(f"newest close of {ticker} is of {newest}")
        self.ticker = ticker
        self.newest = newest


class ModelUnavailable(ForecastError):
    """The endpoint timed out, throttled us or answered with a server error.

    Attributes:
        endpoint: name of the SageMaker endpoint that was asked; for the log only.
        status: HTTP status it answered with; None when there was no answer.
    """

    retry = True

    def __init__(self, endpoint: str, status: int | None) -> None:
        super().__init__(f"endpoint {endpoint!r} answered {status or 'nothing'}")
        self.endpoint = endpoint
        self.status = status


class ModelRefused(ModelUnavailable):
    """The endpoint answered something that is not six finite, ordered steps per window.

    Attributes:
        reason: one English phrase for the log.
    """

    retry = False

    def __init__(self, endpoint: str, status: int | None, reason: str) -> None:
        super().__init__(endpoint, status)
        self.args = (f"endpoint {endpoint!r} gave no forecast: {reason}",)
        self.reason = reason


class CannotGoOn(Exception):
    """Base of what a command cannot begin or go on without; its text is for whoever called it."""


class TokenRefused(CannotGoOn):
    """Telegram does not know the bot's token; nothing can be answered until it is mended."""

    def __init__(self) -> None:
        super().__init__("TELEGRAM_TOKEN: Telegram does not accept it, ask @BotFather for it again")


class WebhookRefused(CannotGoOn):
    """Telegram does not post updates to the address that the settings name.

    Attributes:
        reason: as Telegram says it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"TELEGRAM_WEBHOOK_URL: Telegram does not accept it: {reason}")
        self.reason = reason


class StorageUnavailable(Exception):
    """The database could not do what was asked of it: locked, full, away; nothing was changed.

    Attributes:
        reason: one English phrase for the log, without values.
    """

    retry = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"database: {reason}")
        self.reason = reason
