"""Telegram's webhook: an update is let in by its secret, queued, and acknowledged at once.

    POST /telegram/<path> ─secret─▶ body ≤ 1 MiB of JSON ─▶ application's queue ─▶ 200

Answering comes later, from the queue; while that is full, and from the moment the bot stops, it is
503, and Telegram brings the update again.  One that is brought twice, because our answer was lost
on the way, is queued once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from telegram import Update
from telegram.ext import Application

from bot.edges.api.bodies import pushed_body
from bot.edges.api.refusals import HANG_UP, Refusal, Refused, retry_after
from bot.wording import rest

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105, the name of the header
REMEMBERED = 1_000
"""Newest updates that would be recognised; Telegram brings again what it brought last."""
QUEUE_SECONDS = 5.0
"""For which an update waits outside of a full queue."""

Brought = dict[str, Any]
Receiver = Callable[[Brought], Awaitable[None]]
"""Queues an update as Telegram sent it, once there is room; one of `RUBBISH` if it is none,
`QueueFull` if there will be no room."""

RUBBISH = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError)
"""What python-telegram-bot ends in when an update does not have Telegram's shape: it checks
nothing and takes values for what they should be, a moment in the year 30,000 included."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates.

    Attributes:
        path: what follows `/telegram/`; hard to guess.
        secret: what Telegram shows with each update, as given to `setWebhook`.
        receive: queues an update.
    """

    path: str = field(repr=False)
    secret: str = field(repr=False)
    receive: Receiver


def into_queue(application: Application) -> Receiver:  # type: ignore[type-arg]
    """Queue updates for the handlers of `application`."""

    async def receive(update: Brought) -> None:
        await application.update_queue.put(Update.de_json(update, application.bot))

    return receive


def router(webhook: Webhook) -> APIRouter:
    """The route of the webhook; left out of the documentation, as only Telegram calls it."""
    route = APIRouter(include_in_schema=False)
    seen: OrderedDict[int, None] = OrderedDict()

    @route.post("/telegram/{path}")
    async def pushed(path: str, request: Request) -> Response:
        _refuse_strangers(webhook, path, request)
        update = _read(await pushed_body(request))
        if update["update_id"] not in seen:
            await _queue(webhook, update)
            _remember(seen, update["update_id"])
        return Response()

    return route


def _refuse_strangers(webhook: Webhook, path: str, request: Request) -> None:
    if not _same(path, webhook.path):
        raise Refused(Refusal(404, rest.NO_SUCH_ADDRESS, HANG_UP))
    if not _same(request.headers.get(SECRET_HEADER, ""), webhook.secret):
        raise Refused(Refusal(403, "", HANG_UP))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(Refusal(415, rest.JSON_ONLY, HANG_UP))


def _same(given: str, ours: str) -> bool:
    return compare_digest(given.encode(), ours.encode())


def _read(body: bytes) -> Brought:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        update = None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Refused(Refusal(422, rest.NO_UPDATE))
    return update


async def _queue(webhook: Webhook, update: Brought) -> None:
    try:
        await asyncio.wait_for(webhook.receive(update), QUEUE_SECONDS)
    except (TimeoutError, asyncio.QueueFull) as error:  # the first is an OSError too
        raise Refused(Refusal(503, "", retry_after(1))) from error
    except RUBBISH as error:
        raise Refused(Refusal(422, rest.NO_UPDATE)) from error


def _remember(seen: OrderedDict[int, None], update_id: int) -> None:
    seen[update_id] = None
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)
