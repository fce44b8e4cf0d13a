"""The bot's life: open what it needs, answer until it is stopped, and leave in good order.

    database ─▶ REST and page ─▶ Telegram (tried until it answers) ─▶ lease ─▶ …
    stop: goodbye ─▶ duties end, lease given back ─▶ no update comes in, those inside are answered
          ─▶ all closed

Ends by a signal (0), because polling died (`watchdog.STALLED`), or with an error that says what to
change.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr
from telegram.error import BadRequest, TelegramError

from bot.edges.api.server import served
from bot.edges.telegram.alarm_messages import TelegramAlarmMessages
from bot.edges.telegram.application import ALLOWED_UPDATES, POLL_SECONDS, introduce
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.leaving import confirm, leave
from bot.edges.telegram.parts import Built
from bot.edges.telegram.replying import ReplyingDelivery
from bot.errors import StorageUnavailable, WebhookRefused
from bot.ports.forecasting import Clock
from bot.settings import Settings
from bot.wiring import charts, machine
from bot.wiring.conversation import Conversation, conversation
from bot.wiring.duties import Duties, Way
from bot.wiring.forecasts import Forecasts
from bot.wiring.measuring import own_measures
from bot.wiring.reaching import answered, finished, in_time, meanwhile
from bot.wiring.records import Records, opened
from bot.wiring.relay import Relay
from bot.wiring.sources import Sources
from bot.wiring.web import web
from bot.wording import operators

log = logging.getLogger(__name__)

StandInUrls = tuple[str | None, str | None]
"""Addresses of the local chat and of the Runtime route; None where the real thing is used."""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything, built and not yet started."""

    settings: Settings
    sources: Sources
    forecasts: Forecasts
    records: Records
    duties: Duties
    talk: Conversation

    async def run(self, stop: asyncio.Event) -> int:
        """Answer until `stop` is set or polling has died; gives the process's exit code.

        Raises:
            TokenRefused: Telegram does not know the token.
            WebhookRefused: Telegram does not post to the address.
        """
        built = self.talk.application
        try:
            if not await finished(answered(built.initialize), stop):
                return 0
            async with self._talking():
                if not await finished(self._listen(), stop):
                    return 0
                async with meanwhile(self._completed()), self._measuring(), self._acting():
                    return await self._until(stop)
        finally:
            await self.forecasts.finish()
            await self.sources.finish()
            await built.shutdown()
            await built.bot.shutdown()  # when getting to know Telegram was broken off

    @asynccontextmanager
    async def _measuring(self) -> AsyncIterator[None]:
        """The bot's own measures are published, if that is wanted."""
        measures = own_measures(self.settings, self.sources, self.records)
        if measures is None:
            yield
            return
        async with meanwhile(measures.run(asyncio.Event())):
            yield

    async def _completed(self) -> None:
        """What answers can do without at first."""
        built = self.talk.application
        await asyncio.gather(
            asyncio.to_thread(charts.load), introduce(built), self.talk.menu.introduce(built)
        )

    async def _until(self, stop: asyncio.Event) -> int:
        """Wait for the end; gives the exit code."""
        if self.settings.telegram_webhook_url is not None:
            await finished(asyncio.Event().wait(), stop)
            return 0
        watching = asyncio.create_task(self.talk.watchdog.watch())
        return watching.result() if await finished(watching, stop) else 0

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[None]:
        """Handlers and jobs run, and updates end."""
        built = self.talk.application
        await built.start()
        try:
            yield
        finally:
            if built.updater and built.updater.running:
                await in_time(built.updater.stop())
                await in_time(confirm(built, self.talk.room))
            await leave(built, self.talk.room)
            await in_time(built.stop())

    async def _listen(self) -> None:
        """Let updates come; Telegram is tried until it agrees."""
        built, url = self.talk.application, self.settings.telegram_webhook_url
        if url and self.settings.telegram_webhook_secret:
            await self._take_updates_at(str(url), self.settings.telegram_webhook_secret)
        elif built.updater:
            await built.updater.start_polling(
                timeout=timedelta(seconds=POLL_SECONDS),
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False,
                error_callback=lambda error: _reported(built, error),
            )

    async def _take_updates_at(self, url: str, secret: SecretStr) -> None:
        word, bot = secret.get_secret_value(), self.talk.application.bot
        try:
            await answered(
                lambda: bot.set_webhook(url, secret_token=word, allowed_updates=ALLOWED_UPDATES)
            )
        except BadRequest as error:
            raise WebhookRefused(error.message) from None

    @asynccontextmanager
    async def _acting(self) -> AsyncIterator[None]:
        """Duties are done while the lease is held; operators hear of the start and the end."""
        notices = self.duties.notices
        leading = asyncio.create_task(self.duties.leading.run())
        await notices.say_at_most_once_a_minute("started", operators.started(machine.VERSION))
        try:
            yield
        finally:
            await notices.say_goodbye("stopped", operators.stopped(machine.VERSION), self._sent)
            leading.cancel()
            with suppress(asyncio.CancelledError):
                await leading

    async def _sent(self) -> None:
        """Wait until nothing waits in the outbox, whichever process sends it."""
        while await self._waiting():  # noqa: ASYNC110, another process may be the one that sends
            await asyncio.sleep(0.1)

    async def _waiting(self) -> int:
        with suppress(StorageUnavailable):
            return (await self.records.outbox.backlog(self.duties.schedule.clock())).waiting
        return 0


async def serve(settings: Settings, urls: StandInUrls, now: Clock) -> int:
    """Run the bot until SIGTERM or SIGINT; gives the process's exit code.

    Raises:
        TokenRefused: Telegram does not know the token.
        WebhookRefused: Telegram does not post to the address.
        CannotListen: HTTP_PORT is taken.
        DatabaseUnusable: with a sentence that says what to change.
        DatabaseAway: the database does not answer.
    """
    stop = _stopped_by_signals()
    chat_url, runtime_url = urls
    sources = Sources.of(settings, runtime_url, now)
    with opened(settings, sources.sessions) as records:
        service = _built(settings, chat_url, sources, records)
        app = web(settings, sources, service.forecasts, records, service.duties, service.talk)
        await sources.load()  # who is told that the bot is ready need not wait for an import
        async with served(app, settings.http_host, settings.http_port) as address:
            log.info("page and REST", extra={"address": address})
            if chat_url:
                log.info("chat with the bot in a browser", extra={"address": chat_url})
            return await service.run(stop)


def _built(settings: Settings, chat_url: str | None, sources: Sources, records: Records) -> Service:
    forecasts = Forecasts.of(settings, sources, records)
    relay = Relay.of(settings, records, sources.clock)

    def way() -> Way:
        """Messages leave through the application, which needs the duties to report to."""
        bot = talk.application.bot
        delivery = ReplyingDelivery(bot, TelegramDelivery(bot), relay.alarms.answered)
        return Way(delivery, talk.pace, TelegramAlarmMessages(bot))

    duties = Duties.of(settings, sources, forecasts, records, relay, way)
    talk = conversation(settings, chat_url, sources, forecasts, records, duties)
    duties.schedule.register(talk.application)
    return Service(settings, sources, forecasts, records, duties, talk)


def _stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    return stop


def _reported(built: Built, error: TelegramError) -> None:
    built.create_task(built.process_error(update=None, error=error))
