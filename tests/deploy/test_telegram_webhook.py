"""Updates brought to the bot: in order, until it takes them, with the secret in the header."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from deploy.local.telegram.state.webhook import Reply
from tests.deploy.local_chat import SENT, LocalChat, local_chat

URL = "http://127.0.0.1:9/hook"


@dataclass
class Bot:
    """Where updates are brought: answers what it was told to, and 200 after that."""

    replies: list[Reply] = field(default_factory=list)
    got: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Take an update."""
        self.got.append((url, orjson.loads(body), headers))
        self.changed.set()
        return self.replies.pop(0) if self.replies else Reply(200)

    async def close(self) -> None:
        """Note that the connection was let go."""
        self.closed = True

    async def has(self, count: int) -> list[str]:
        """Wait for so many deliveries; gives their texts."""
        while len(self.got) < count:
            self.changed.clear()
            await self.changed.wait()
        return [update["message"]["text"] for _, update, _ in self.got]


@pytest.fixture
def bot() -> Bot:
    """A bot that takes everything."""
    return Bot()


@pytest.fixture
async def chat(bot: Bot) -> AsyncIterator[LocalChat]:
    """A local chat that brings its updates to that bot."""
    async with local_chat(postman=lambda: bot) as made:
        yield made


async def test_updates_are_brought_with_the_secret(chat: LocalChat, bot: Bot) -> None:
    """The header is all that tells the bot who brings them."""
    await chat.say("a")
    answer = await chat.call("setWebhook", url=URL, secret_token="s3cret-_")
    texts = await bot.has(1)

    url, update, headers = bot.got[0]
    assert answer == {"ok": True, "result": True, "description": "Webhook was set"}
    assert (url, texts, update["update_id"]) == (URL, ["a"], SENT)
    assert headers == {
        "Content-Type": "application/json",
        "X-Telegram-Bot-Api-Secret-Token": "s3cret-_",
    }


async def test_a_delivery_that_fails_is_tried_again(chat: LocalChat, bot: Bot) -> None:
    """In order, ever more slowly, and the failure can be read."""
    bot.replies = [
        Reply(0, reason="Connection failed"),
        Reply(503),
        Reply(500, reason="Wrong response from the webhook: 500 x"),
    ]
    await chat.result("setWebhook", url=URL)
    await chat.say("a")
    await chat.say("b")
    texts = await bot.has(5)
    info = await chat.result("getWebhookInfo")

    assert texts == ["a", "a", "a", "a", "b"]
    assert chat.time.slept == [1.0, 2.0, 4.0]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 x"
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (URL, 0, 40)


async def test_a_method_in_the_answer_is_carried_out(chat: LocalChat, bot: Bot) -> None:
    """Telegram saves the bot a call that way; JSON and forms both do."""
    bot.replies = [
        Reply(200, b'{"method": "sendMessage", "chat_id": 1, "text": "b"}', "application/json"),
        Reply(200, b"method=sendMessage&chat_id=1&text=c", "application/x-www-form-urlencoded"),
        Reply(200, b"ok", "text/plain"),
        Reply(200, b'{"method": "sendMessage", "chat_id": 1}', "application/json"),
    ]
    await chat.result("setWebhook", url=URL)
    for _ in range(5):
        await chat.say("a")
    await bot.has(5)

    texts = [each["text"] for each in await chat.seen()]
    failure = (await chat.result("getWebhookInfo"))["last_error_message"]
    assert sorted(texts) == ["a"] * 5 + ["b", "c"]
    assert failure == "Bad Request: message text is empty"


async def test_a_webhook_and_polling_exclude_each_other(chat: LocalChat, bot: Bot) -> None:
    """A bot that is started twice in two ways learns it."""
    poll = await chat.poll()
    await chat.result("setWebhook", url=URL)
    refused = await chat.refusal("getUpdates")
    connected = (await chat.http.get("/bot")).json()["connected"]
    deleted = await chat.call("deleteWebhook")

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert refused == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert connected
    assert deleted == {"ok": True, "result": True, "description": "Webhook was deleted"}
    assert await chat.result("getUpdates") == []
    assert bot.got == []


async def test_pending_updates_can_be_dropped(chat: LocalChat) -> None:
    """Some bots want only what comes from now on."""
    await chat.say("a")
    await chat.result("deleteWebhook", drop_pending_updates=True)

    assert await chat.result("getUpdates") == []


async def test_an_empty_address_deletes_the_webhook(chat: LocalChat, bot: Bot) -> None:
    """The old way of doing it; the connection is let go."""
    settings = {"url": URL, "allowed_updates": ["message"], "max_connections": 500}
    await chat.result("setWebhook", **settings)
    info = await chat.result("getWebhookInfo")
    await chat.say("a")
    await bot.has(1)
    await chat.result("setWebhook", url="")
    await asyncio.sleep(0)

    assert (info["allowed_updates"], info["max_connections"]) == (["message"], 100)
    assert (await chat.result("getWebhookInfo"))["url"] == ""
    assert bot.closed


WRONG = [
    ({"url": "ftp://127.0.0.1"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ({"url": "http://[::1"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ({"url": "https://b3.com.br"}, "bad webhook: only addresses on this machine are followed"),
    ({"url": "http://127.0.0.1@b3.com.br"},
     "bad webhook: only addresses on this machine are followed"),
    ({"url": URL, "secret_token": "a b"}, "secret token contains unallowed characters"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), WRONG)
async def test_addresses_elsewhere_are_refused(
    chat: LocalChat, parameters: dict[str, str], reason: str
) -> None:
    """The stand-in never speaks to a network."""
    assert await chat.refusal("setWebhook", **parameters) == f"Bad Request: {reason}"
