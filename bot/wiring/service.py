"""The bot's life: open what it needs, answer until it is stopped, and leave in good order.

    database ─▶ REST and page ─▶ Telegram (tried until it answers) ─▶ lease ─▶ …
    stop: goodbye ─▶ duties end, lease given back ─▶ updates end ─▶ all closed

Ends by a signal (0), because polling died (`watchdog.STALLED`), or with an error that says what to
change.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut

from bot.edges.api.server import served
from bot.edges.telegram.application import ALLOWED_UPDATES, POLL_SECONDS, introduce
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.parts import Built
from bot.errors import StorageUnavailable, TokenRefused
from bot.flow.send_waits import growing
from bot.ports.forecasting import Clock
from bot.settings import Settings
from bot.wiring import machine
from bot.wiring.conversation import Conversation, conversation
from bot.wiring.duties import Duties
from bot.wiring.forecasts import Forecasts
from bot.wiring.records import Records, opened
from bot.wiring.sources import Sources
from bot.wiring.web import web
from bot.wording import operators

log = logging.getLogger(__name__)

StandInUrls = tuple[str | None, str | None]
"""Addresses of the local chat and of the Runtime route; None where the real thing is used."""

CONNECT_AT_MOST = 30.0
"""Seconds between two tries to reach Telegram at the start."""

STOP_SECONDS = 10.0
"""How long polling may take to end: on a dead connection it never would."""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything, built and not yet started."""

    settings: Settings
    forecasts: Forecasts
    records: Records
    duties: Duties
    talk: Conversation

    async def run(self, stop: asyncio.Event) -> int:
        """Answer until `stop` is set or polling has died; gives the process's exit code.

        Raises:
            TokenRefused: Telegram does not know the token.
        """
        if not await _initialized(self.talk.application, stop):
            return 0
        try:
            async with self._talking(), self._acting():
                return await self._until(stop)
        finally:
            await self.forecasts.finish()
            await self.talk.application.shutdown()

    async def _until(self, stop: asyncio.Event) -> int:
        stopped = asyncio.create_task(stop.wait())
        tasks: set[asyncio.Task[Any]] = {stopped}
        if self.settings.telegram_webhook_url is None:
            tasks.add(asyncio.create_task(self.talk.watchdog.watch()))
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks - done:
            task.cancel()
        if stopped in done:
            log.info("stopping")
            return 0
        return int(next(iter(done)).result())

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[None]:
        """Handlers and jobs run, and updates come."""
        built = self.talk.application
        await built.start()
        try:
            await introduce(built)
            await self._listen(built)
            yield
        finally:
            await _in_time(self._stop_listening(built))
            await built.stop()

    async def _listen(self, built: Built) -> None:
        url, secret = self.settings.telegram_webhook_url, self.settings.telegram_webhook_secret
        if url and secret:
            await built.bot.set_webhook(
                str(url), secret_token=secret.get_secret_value(), allowed_updates=ALLOWED_UPDATES
            )
            return
        if built.updater:
            await built.updater.start_polling(
                timeout=timedelta(seconds=POLL_SECONDS),
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                drop_pending_updates=False,
                error_callback=lambda error: _reported(built, error),
            )

    async def _stop_listening(self, built: Built) -> None:
        if built.updater and built.updater.running:
            await built.updater.stop()

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
        CannotListen: HTTP_PORT is taken.
        DatabaseUnusable: with a sentence that says what to change.
        StorageUnavailable: the database does not answer.
    """
    stop = _stopped_by_signals()
    chat_url, runtime_url = urls
    sources = Sources.of(settings, runtime_url, now)
    with opened(settings, sources.sessions) as records:
        service = _built(settings, chat_url, sources, records)
        app = web(settings, sources, service.forecasts, records, service.duties, service.talk)
        async with served(app, settings.http_host, settings.http_port) as address:
            log.info("page and REST", extra={"address": address})
            if chat_url:
                log.info("chat with the bot in a browser", extra={"address": chat_url})
            return await service.run(stop)


def _built(settings: Settings, chat_url: str | None, sources: Sources, records: Records) -> Service:
    forecasts = Forecasts.of(settings, sources, records)
    # Messages leave through the application, which needs the duties to report to.
    duties = Duties.of(
        settings,
        sources,
        forecasts,
        records,
        lambda: (TelegramDelivery(talk.application.bot), talk.pace),
    )
    talk = conversation(settings, chat_url, sources, forecasts, records, duties)
    duties.schedule.register(talk.application)
    return Service(settings, forecasts, records, duties, talk)


async def _initialized(built: Built, stop: asyncio.Event) -> bool:
    """Get to know Telegram, however long it takes to answer; False when stopped before."""
    tries = 0
    while not stop.is_set():
        try:
            await built.initialize()
        except InvalidToken:
            raise TokenRefused from None
        except (NetworkError, TimedOut) as error:
            wait = growing(tries, CONNECT_AT_MOST)
            log.warning("telegram not reached", extra={"error": repr(error), "wait": wait})
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            tries += 1
        else:
            return True
    return False


def _stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    return stop


def _reported(built: Built, error: TelegramError) -> None:
    built.create_task(built.process_error(update=None, error=error))


async def _in_time(ending: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(ending, STOP_SECONDS)
    except (TimeoutError, RuntimeError, TelegramError) as error:
        log.warning("did not end in good order", extra={"error": repr(error)})
