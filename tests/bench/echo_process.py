"""The least that python-telegram-bot can do: `python -m tests.bench.echo_process CHAT [PORT]`.

Every message is answered with its own words.  Settings of the library are those of our bot, so that
only what the bot does itself makes a difference.  With a port it takes updates by webhook there,
else it polls; ends with SIGTERM.
"""

import asyncio
import signal
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters
from uvicorn.loops.auto import auto_loop_factory

from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.application import ALLOWED_UPDATES
from bot.edges.telegram.waiting_room import AT_ONCE

Echo = Application[Any, Any, Any, Any, Any, Any]


async def _echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    del context
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


async def _run(chat: str, port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    built: Echo = (
        ApplicationBuilder()
        .token(LOCAL_TOKEN)
        .base_url(f"{chat}/bot")
        .concurrent_updates(AT_ONCE)
        .connection_pool_size(2 * AT_ONCE)
        .build()
    )
    built.add_handler(MessageHandler(filters.ALL, _echo))
    async with built:
        await built.start()
        await _listen(built, port)
        await stop.wait()
        if built.updater:
            await built.updater.stop()
        await built.stop()


async def _listen(built: Echo, port: int) -> None:
    if built.updater is None:
        return
    if not port:
        await built.updater.start_polling(allowed_updates=ALLOWED_UPDATES)
        return
    await built.updater.start_webhook(
        "127.0.0.1",
        port,
        url_path="echo",
        webhook_url=f"http://127.0.0.1:{port}/echo",
        allowed_updates=ALLOWED_UPDATES,
        secret_token="a-secret-of-the-bench",
    )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_run(sys.argv[1], int((*sys.argv, "0")[2])))
