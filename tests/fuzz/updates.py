"""Fuzz targets that are updates, as Telegram posts them to the webhook.

An update that is let in goes on to the real handlers, which speak to the strict local chat and
keep what they keep in a real SQLite file.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st
from telegram.request import HTTPXRequest

from bot.domain.operations import Trouble
from bot.domain.tickers import Ticker
from bot.edges.api.application import create_app
from bot.edges.api.webhook import SECRET_HEADER, Webhook, into_queue
from bot.edges.database.opening import open_database
from bot.edges.database.subscriptions import KeptSubscriptions
from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.application import Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.inline import InlineForecasts
from bot.edges.telegram.late import LateAnswers
from bot.edges.telegram.members import Members
from bot.edges.telegram.membership import Membership
from bot.edges.telegram.parts import Built
from bot.edges.telegram.pictures import Pictures
from bot.edges.telegram.privacy import PrivacyCommands
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.subscribing import SubscriptionCommands
from bot.edges.telegram.unexpected import Unexpected
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.pushes.subscribing import Subscribing
from deploy.local.telegram.app import create_app as create_chat
from tests.edges.api.service import HOST, Prices, Service
from tests.fakes_endpoint import FakeEndpoint
from tests.fuzz.spoiling import reworded, spoilt, written
from tests.fuzz.target import Attempt, Target
from tests.fuzz.words import PRESSES, TYPED
from tests.pictures import png
from tests.share_bars import B3, at

SECRET = "s3cret_of-telegram"
NOW = at("2026-07-29T08:30")
ITUB4 = Ticker("ITUB4.SA")
SERVER_ERROR = 500

_COMMANDS = st.sampled_from(
    [
        *("hoje", "proximos", "start", "ajuda", "help", "sobre", "assinar", "assinaturas"),
        *(
            "cancelar",
            "privacidade",
            "apagar",
            "alarmes",
            "status",
            "placar",
            "hoje@fechamento_bot",
        ),
        *("start assinar_ITUB4_0900", "start assinar_XXXX3_9999", "nada"),
    ]
)
_CHATS: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"id": 1, "type": "private", "first_name": "Ana"},
        {"id": -100, "type": "supergroup", "title": "Ops", "is_forum": True},
        {"id": -200, "type": "group", "title": "Ops"},
        {"id": -300, "type": "channel", "title": "Canal"},
        {"id": 2**52 - 1, "type": "private", "first_name": "\u202e<b>"},
    ]
)
_PERSON = {"id": 1, "is_bot": False, "first_name": "Ana", "language_code": "pt-br"}


@st.composite
def _messages(draw: st.DrawFn) -> dict[str, Any]:
    command = draw(_COMMANDS)
    text = f"/{command} {draw(TYPED)}" if draw(st.booleans()) else draw(TYPED)
    length = draw(st.sampled_from([len(command.split()[0]) + 1, 0, 999]))
    date = int(NOW.timestamp()) - draw(st.sampled_from([0, 10, 400, 10**6]))
    message = {
        "message_id": draw(st.integers(1, 5)),
        "date": date,
        "chat": draw(_CHATS),
        "from": _PERSON,
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": length}],
    }
    if draw(st.integers(0, 4)) == 0:
        message |= {"message_thread_id": 7, "is_topic_message": True}
    return message


@st.composite
def _updates(draw: st.DrawFn) -> dict[str, Any]:
    message = draw(_messages())
    bodies: list[tuple[str, Any]] = [
        ("message", message),
        ("channel_post", message | {"sender_chat": message["chat"]}),
        ("edited_message", message | {"edit_date": 1}),
        (
            "callback_query",
            {
                "id": "1",
                "from": _PERSON,
                "chat_instance": "1",
                "data": draw(PRESSES),
                "message": message,
            },
        ),
        ("inline_query", {"id": "1", "from": _PERSON, "query": draw(TYPED), "offset": ""}),
        ("my_chat_member", _membership(message["chat"], draw)),
        ("message", message | {"migrate_to_chat_id": draw(st.integers(-300, -1))}),
    ]
    kind, body = draw(st.sampled_from(bodies))
    return {"update_id": draw(st.integers(0, 2**53)), kind: body}


def _membership(chat: dict[str, Any], draw: st.DrawFn) -> dict[str, Any]:
    bot = {"id": 1000001, "is_bot": True, "first_name": "Bot"}
    ranks = st.sampled_from(["member", "left", "kicked", "administrator"])
    before, after = ({"user": bot, "status": draw(ranks), "until_date": 0} for _ in range(2))
    return {
        "chat": chat,
        "from": _PERSON,
        "date": int(NOW.timestamp()),
        "old_chat_member": before,
        "new_chat_member": after,
    }


def _built(folder: Path, telegram: httpx.ASGITransport, crash: Callable[..., None]) -> Built:
    database = open_database(None, folder)
    records = KeptSubscriptions(database)
    forecaster = Forecaster(Prices(), FakeEndpoint(), B3, lambda: NOW, ())
    answers = Answers(Pictures(lambda outlook, _: png(outlook.today.expected)))
    members = Members(lambda: NOW)
    subscribing = Subscribing(records, forecaster, ITUB4, time(9))

    async def wait(_seconds: float) -> None:
        return

    request = HTTPXRequest(httpx_kwargs={"transport": telegram})
    return application(
        Connection(LOCAL_TOKEN, "http://127.0.0.1", PatientCalls(wait), request),
        Commands(forecaster, answers, ITUB4),
        Unexpected(lambda: "c0de01", crash),
        (
            LateAnswers(answers, lambda: NOW),
            SubscriptionCommands(subscribing, answers, members),
            PrivacyCommands(records, answers, members),
            Membership(records, lambda: NOW),
            InlineForecasts(forecaster),
        ),
    )


@asynccontextmanager
async def _conversing(*, strict: bool) -> AsyncIterator[Callable[[bytes], Any]]:
    chat = create_chat(clock=lambda: NOW, token=LOCAL_TOKEN, limits=None)
    crashes: list[BaseException] = []
    service = Service()

    def crash(_trouble: Trouble, error: BaseException | None, _code: str) -> None:
        crashes.append(error or RuntimeError("nothing"))

    with tempfile.TemporaryDirectory() as folder:
        built = _built(Path(folder), httpx.ASGITransport(chat), crash)
        webhook = Webhook("h7Kq", SECRET, into_queue(built))
        app = create_app(replace(service.parts(), webhook=webhook))
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(chat), base_url=HOST_OF_CHAT) as people,
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST) as telegram,
            built,
        ):
            await _set_up(people)

            async def bring(body: bytes) -> None:
                headers = {SECRET_HEADER: SECRET, "content-type": "application/json"}
                answer = await telegram.post("/telegram/h7Kq", content=body, headers=headers)
                while not built.update_queue.empty():
                    await _worked_on(built)
                for error in (*(crashes[:1] if strict else ()), *service.reported[:1]):
                    crashes.clear()
                    service.reported.clear()
                    raise error
                crashes.clear()
                assert answer.status_code < SERVER_ERROR

            yield bring
    chat.state.service.close()


HOST_OF_CHAT = "http://127.0.0.1"


async def _worked_on(built: Built) -> None:
    """What the application's own loop does with the next update."""
    update = built.update_queue.get_nowait()
    try:
        await built.update_processor.process_update(update, built.process_update(update))
    except Exception as error:  # noqa: BLE001 -- as python-telegram-bot's loop does
        await built.process_error(update, error)


async def _set_up(people: httpx.AsyncClient) -> None:
    """Chats in which the bot may write."""
    for chat, kind in ((-100, "supergroup"), (-200, "group"), (-300, "channel")):
        group = {"type": kind, "title": "Ops", "admins": [1]}
        (await people.put(f"/chats/{chat}", json=group)).raise_for_status()
    for chat in (1, 2**52 - 1):
        greeting = {"text": "oi", "from": {"id": chat}}
        (await people.post(f"/chats/{chat}/messages", json=greeting)).raise_for_status()


@contextmanager
def _updating(*, strict: bool) -> Iterator[Attempt]:
    """Bring updates.

    Args:
        strict: an error that a handler let through counts; without it the bot has only to survive,
            for what is tried never comes from Telegram.
    """
    with asyncio.Runner() as runner:
        conversing = _conversing(strict=strict)
        bring = runner.run(conversing.__aenter__())
        yield lambda body: runner.run(bring(body))
        runner.run(conversing.__aexit__(None, None, None))


_WELL_FORMED = reworded(_updates()).map(lambda update: json.dumps(update).encode())
_ILL_FORMED = written(spoilt(_updates()))

TARGETS = (
    Target("updates", _WELL_FORMED, partial(_updating, strict=True), 40_000, 0),
    Target("no updates", _ILL_FORMED, partial(_updating, strict=False), 30_000),
)
