"""`POST /telegram/<path>`: updates come in by their secret, and only by it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from bot.edges.api import bodies, webhook
from bot.edges.api.application import create_app
from bot.edges.api.webhook import SECRET_HEADER, Webhook, into_queue
from bot.edges.telegram.waiting_room import WaitingRoom
from tests.edges.api.service import Service, asking

Bot = Application[Any, Any, Any, Any, Any, Any]

PATH, SECRET = "/telegram/h7Kq", "s3cret_of-telegram"
KNOWN = {SECRET_HEADER: SECRET}
NO_UPDATE = {"erro": "O corpo do pedido não é uma atualização do Telegram."}


def update(update_id: int = 7, text: str = "/hoje") -> dict[str, Any]:
    """A message as Telegram brings it."""
    person = {"id": 1, "is_bot": False, "first_name": "Ana"}
    chat = {"id": 1, "type": "private", "first_name": "Ana"}
    message = {"message_id": 3, "date": 1785000000, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


def taken(bot: Bot) -> Update:
    """The oldest update that waits for its handlers."""
    queued = bot.update_queue.get_nowait()
    assert isinstance(queued, Update)
    return queued


@pytest.fixture
def bot() -> Bot:
    """A real application; it calls nobody."""
    return ApplicationBuilder().token("1000001:a-token-of-this-test-that-opens-nothing").build()


@pytest.fixture
async def telegram(service: Service, bot: Bot) -> AsyncIterator[httpx.AsyncClient]:
    """Telegram, as the API sees it."""
    door = Webhook("h7Kq", SECRET, into_queue(bot))
    async with asking(create_app(replace(service.parts(), webhook=door))) as client:
        yield client


async def test_an_update_waits_for_its_handlers_when_telegram_is_answered(
    telegram: httpx.AsyncClient, bot: Bot
) -> None:
    """Telegram brings again what is not acknowledged within seconds; answers may take longer."""
    answer = await telegram.post(PATH, json=update(), headers=KNOWN)
    queued = taken(bot)

    assert (answer.status_code, answer.content) == (200, b"")
    assert (queued.update_id, queued.message and queued.message.text) == (7, "/hoje")
    assert queued.get_bot() is bot.bot


async def test_what_is_brought_twice_is_answered_once(
    telegram: httpx.AsyncClient, bot: Bot
) -> None:
    """When our acknowledgement is lost, nobody should read the same forecast twice."""
    answers = [
        await telegram.post(PATH, json=update(number), headers=KNOWN) for number in (7, 7, 8)
    ]
    queued = [taken(bot).update_id for _ in range(bot.update_queue.qsize())]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert queued == [7, 8]


async def test_while_there_is_no_room_telegram_is_asked_to_come_again(
    telegram: httpx.AsyncClient, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not acknowledged is kept by Telegram; memory here has an end."""
    monkeypatch.setattr(webhook, "QUEUE_SECONDS", 0.01)
    bot.update_queue = asyncio.Queue(1)
    answers = [await telegram.post(PATH, json=update(number), headers=KNOWN) for number in (7, 8)]
    taken(bot)
    again = await telegram.post(PATH, json=update(8), headers=KNOWN)

    assert [(one.status_code, one.headers.get("retry-after")) for one in answers] == [
        (200, None),
        (503, "1"),
    ]
    assert (again.status_code, taken(bot).update_id) == (200, 8)


async def test_a_bot_that_stops_leaves_updates_with_telegram(
    telegram: httpx.AsyncClient, bot: Bot
) -> None:
    """The next start, or another replica, has them brought."""
    bot.update_queue = room = WaitingRoom()
    room.close()
    answer = await telegram.post(PATH, json=update(), headers=KNOWN)

    assert (answer.status_code, answer.content, room.qsize()) == (503, b"", 0)


async def test_updates_are_recognised_in_bounded_memory(
    telegram: httpx.AsyncClient,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Telegram repeats its newest updates, not those of last year."""
    monkeypatch.setattr(webhook, "REMEMBERED", 2)
    for number in (1, 2, 3, 1):
        await telegram.post(PATH, json=update(number), headers=KNOWN)

    assert bot.update_queue.qsize() == 4


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET + "x"}])
async def test_without_the_secret_there_is_no_word(
    telegram: httpx.AsyncClient,
    bot: Bot,
    headers: dict[str, str],
) -> None:
    """Anybody could make the bot write to anybody otherwise."""
    answer = await telegram.post(PATH, json=update(), headers=headers)

    assert (answer.status_code, answer.content) == (403, b"")
    assert bot.update_queue.empty()


async def test_the_path_is_a_secret_too(telegram: httpx.AsyncClient) -> None:
    """A wrong one looks like any other address that does not exist."""
    answers = [
        await telegram.post(f"/telegram/{path}", json=update(), headers=KNOWN)
        for path in ("h7K", "h7kq", "%C3%A9", "x/y")
    ]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (404, {"erro": "Este endereço não existe. Os que existem estão em /docs."})
    ] * 4


async def test_while_the_bot_polls_there_is_no_such_address(api: httpx.AsyncClient) -> None:
    """No webhook, no door."""
    answer = await api.post(PATH, json=update(), headers=KNOWN)

    assert answer.status_code == 404


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "json"])
async def test_only_json_is_read(telegram: httpx.AsyncClient, kind: str | None) -> None:
    """Telegram sends nothing else."""
    headers = KNOWN | ({"Content-Type": kind} if kind else {})
    answer = await telegram.post(PATH, content=b"{}", headers=headers)

    assert answer.status_code == 415
    assert answer.json() == {"erro": "O corpo do pedido precisa ser application/json."}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"update_id": "7"}',
        b'{"message": {}}',
        b'{"update_id": 7, "message": {"text": "x"}}',
        b'{"update_id": 7, "message": "x"}',
        json.dumps(update() | {"message": update()["message"] | {"date": 10**14}}).encode(),
        json.dumps(update() | {"message": update()["message"] | {"entities": [[]]}}).encode(),
        b"[" * 100_000,
        b"\xff",
    ],
    ids=[
        *("empty", "cut", "list", "null", "text number", "no number", "no chat"),
        *("no message", "year three million", "no entity", "nested", "bytes"),
    ],
)
async def test_what_is_no_update_is_refused(
    telegram: httpx.AsyncClient, bot: Bot, body: bytes
) -> None:
    """And kept from the handlers."""
    headers = KNOWN | {"Content-Type": "application/json; charset=utf-8"}
    answer = await telegram.post(PATH, content=body, headers=headers)

    assert (answer.status_code, answer.json()) == (422, NO_UPDATE)
    assert bot.update_queue.empty()


async def test_a_body_is_bounded_whether_or_not_it_says_its_size(
    telegram: httpx.AsyncClient,
) -> None:
    """A proxy may pass a body on in pieces; it is counted as it comes."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 64 * 1024

    headers = KNOWN | {"Content-Type": "application/json"}
    answers = [
        await telegram.post(PATH, content=body, headers=headers)
        for body in (b" " * (1024 * 1024 + 1), pieces())
    ]

    assert [(one.status_code, one.headers["connection"]) for one in answers] == [(413, "close")] * 2


async def test_an_update_of_almost_a_mebibyte_comes_in(telegram: httpx.AsyncClient) -> None:
    """The bound is for strangers; forwarded albums are long."""
    answer = await telegram.post(PATH, json=update(text="x" * 1_000_000), headers=KNOWN)

    assert answer.status_code == 200


async def test_a_body_that_does_not_come_is_waited_for_no_longer(
    telegram: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender that stops in the middle must not hold the request for ever."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)

    async def stuck() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = KNOWN | {"Content-Type": "application/json"}
    answer = await telegram.post(PATH, content=stuck(), headers=headers)

    assert (answer.status_code, answer.json()) == (
        408,
        {"erro": "O pedido demorou demais para chegar."},
    )


async def test_secrets_are_in_no_log_and_no_repr(
    bot: Bot,
) -> None:
    """Settings are printed when things go wrong."""
    shown = repr(Webhook("h7Kq", SECRET, into_queue(bot)))

    assert SECRET not in shown
    assert "h7Kq" not in shown


async def test_it_is_not_documented(api: httpx.AsyncClient) -> None:
    """Only Telegram calls it."""
    document = (await api.get("/openapi.json")).json()

    assert [path for path in document["paths"] if "telegram" in path] == []
