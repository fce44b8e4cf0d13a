"""The same as `sending_process`, with the whole application: it also answers /hoje.

Its closes are simulated and its model is not asked for real, so what is measured of an answer is
everything between a person and the forecast: polling, handlers, pace, picture, database beside it.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram.ext import Application, ExtBot

from bot.domain.tickers import Ticker
from bot.edges import b3_calendar
from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.simulated import SimulatedCloses
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.application import ALLOWED_UPDATES, Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.pictures import Pictures
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.unexpected import Unexpected
from bot.flow.forecasts.forecaster import Forecaster
from bot.wording.chart import draw
from tests.bench.sending_process import Clock, main
from tests.fakes_endpoint import FakeEndpoint


@asynccontextmanager
async def _whole(chat: str, calls: PatientCalls, clock: Clock) -> AsyncIterator[ExtBot[Any]]:
    built: Application[Any, Any, Any, Any, Any, Any] = application(
        Connection(LOCAL_TOKEN, chat, calls), _commands(clock), Unexpected(lambda: "bench")
    )
    async with built:
        await built.start()
        if built.updater:
            await built.updater.start_polling(allowed_updates=ALLOWED_UPDATES)
        yield built.bot
        if built.updater:
            await built.updater.stop()
        await built.stop()


def _commands(clock: Clock) -> Commands:
    sessions = b3_calendar.load()
    forecaster = Forecaster(SimulatedCloses(1, sessions), FakeEndpoint(), sessions, clock)
    return Commands(forecaster, Answers(Pictures(draw)), Ticker("ITUB4.SA"))


if __name__ == "__main__":
    main(sys.argv[1:], _whole)
