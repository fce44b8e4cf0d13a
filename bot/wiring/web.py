"""REST, page and webhook, as the settings say."""

from dataclasses import dataclass

from starlette.types import ASGIApp

from bot.domain.operations import Trouble
from bot.domain.tickers import Ticker, shown
from bot.edges.api.allowance import Rate
from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from bot.edges.api.parts import Check, Parts
from bot.edges.api.webhook import Webhook, into_queue
from bot.edges.telegram.parts import Built
from bot.setting_checks import WEBHOOK_PATH
from bot.settings import Settings
from bot.wiring import machine
from bot.wiring.conversation import Conversation
from bot.wiring.duties import Duties
from bot.wiring.forecasts import Forecasts
from bot.wiring.records import Records
from bot.wiring.sources import Sources


def web(  # noqa: PLR0913, PLR0917, everything meets here
    settings: Settings,
    sources: Sources,
    forecasts: Forecasts,
    records: Records,
    duties: Duties,
    talk: Conversation,
) -> ASGIApp:
    """Build the API; nothing is asked yet."""
    return create_app(
        Parts(
            outlook=forecasts.forecaster.outlook,
            ticker=forecasts.forecaster.ticker,
            scoreboard=forecasts.scoreboard.board,
            checks=_checks(sources, records, talk, polls=settings.telegram_webhook_url is None),
            report=lambda error: duties.incidents.note(Trouble.ANSWER, error),
            sessions=sources.sessions,
            clock=sources.clock,
            default_ticker=settings.default_ticker,
            version=machine.VERSION,
            served=settings.tickers,
            chat=_ChatAddress(talk.application, local=settings.telegram_token is None).of,
            access=_access(settings),
            webhook=_webhook(settings, talk.application),
            pushed=duties.routes,
        )
    )


def _access(settings: Settings) -> Access:
    return Access(
        key=settings.http_key.get_secret_value() if settings.http_key else None,
        origins=frozenset(settings.http_origins),
        rate=Rate(settings.http_per_minute, burst=max(1, settings.http_per_minute // 2)),
        proxies=settings.http_proxies,
    )


def _webhook(settings: Settings, built: Built) -> Webhook | None:
    if settings.telegram_webhook_url is None or settings.telegram_webhook_secret is None:
        return None
    path = (settings.telegram_webhook_url.path or "").removeprefix(WEBHOOK_PATH)
    secret = settings.telegram_webhook_secret.get_secret_value()
    return Webhook(path, secret, into_queue(built))


def _checks(
    sources: Sources, records: Records, talk: Conversation, *, polls: bool
) -> dict[str, Check]:
    async def closes() -> bool:
        bars = await sources.closes.daily(sources.default_ticker, sources.clock())
        return not bars.kept

    async def model() -> bool:
        # While it answers people, nobody has to be asked twice.
        if not sources.asked.works():
            await sources.warm_up().once()
        return True

    async def database() -> bool:
        await records.database.ping()
        return True

    async def telegram() -> bool:
        return talk.watchdog.hears() if polls else bool(await talk.application.bot.get_me())

    return {"fechamentos": closes, "modelo": model, "banco": database, "telegram": telegram}


@dataclass(frozen=True, slots=True)
class _ChatAddress:
    """Where one talks to the bot about a share: its name is known once Telegram has told it."""

    built: Built
    local: bool

    def of(self, ticker: Ticker) -> str | None:
        """A link of the kind https://core.telegram.org/bots/features#deep-linking."""
        try:
            name = self.built.bot.username
        except RuntimeError:  # not asked yet: python-telegram-bot's word for it
            return None
        return None if self.local else f"https://t.me/{name}?start={shown(ticker)}"
