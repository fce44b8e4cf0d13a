"""The webhook with the local chat in Telegram's place: its real HTTP, our real port."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from bot.edges.api.application import create_app
from bot.edges.api.server import served
from bot.edges.api.webhook import Webhook, into_queue
from tests.deploy.local_chat import LocalChat, local_chat
from tests.edges.api.service import Service

Bot = Application[Any, Any, Any, Any, Any, Any]
SECRET = "s3cret_of-telegram"


@pytest.fixture
def bot() -> Bot:
    """A real application; nobody takes what is queued for it."""
    return ApplicationBuilder().token("1000001:a-token-of-this-test-that-opens-nothing").build()


@pytest.fixture
async def address(service: Service, bot: Bot) -> AsyncIterator[str]:
    """Where the local chat may bring updates."""
    door = Webhook("h7Kq", SECRET, into_queue(bot))
    async with served(
        create_app(replace(service.parts(), webhook=door)), "127.0.0.1", 0
    ) as listening:
        yield f"{listening}/telegram/h7Kq"


@pytest.fixture
async def chat(address: str) -> AsyncIterator[LocalChat]:
    """The local chat, which ends before what it brings updates to."""
    assert address
    async with local_chat() as made:
        yield made


async def test_what_is_typed_reaches_the_queue_in_order(
    chat: LocalChat, address: str, bot: Bot
) -> None:
    """The whole way: registered with Telegram, brought with the secret, queued, acknowledged."""
    await chat.call("setWebhook", url=address, secret_token=SECRET)
    for text in ("/hoje", "/proximos petr4"):
        await chat.say(text)
    queued = [await bot.update_queue.get() for _ in range(2)]
    texts = [one.message and one.message.text for one in queued if isinstance(one, Update)]

    assert texts == ["/hoje", "/proximos petr4"]


async def test_telegram_sees_that_a_wrong_secret_is_refused(
    chat: LocalChat, address: str, bot: Bot
) -> None:
    """`getWebhookInfo` is where an operator finds out; the update waits there meanwhile."""
    await chat.call("setWebhook", url=address, secret_token="another")
    await chat.say("/hoje")
    told = ""
    while not told:
        await asyncio.sleep(0)
        told = (await chat.call("getWebhookInfo"))["result"].get("last_error_message", "")

    assert "403" in told
    assert bot.update_queue.empty()
