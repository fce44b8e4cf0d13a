"""Where SNS posts alarms: verified, kept, acknowledged; sent afterwards.

    POST /sns ─≤ 1 MiB─▶ verified ─▶ kept and queued ─▶ 200      not kept: 503, SNS sends it again

SNS waits for fifteen seconds, and takes anything but 2xx for a failure that it repeats.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, Request, Response

from bot.domain.alarms.mail import Mail, Refusal
from bot.edges.api.refusals import HANG_UP, Refused, retry_after
from bot.edges.api.refusals import Refusal as Answer
from bot.ports.alarms import AwsUnavailable
from bot.wording import rest
from bot.wording.alarms import remarks

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
BODY_SECONDS = 10
RETRY_SECONDS = 20
"""SNS's own pause before it sends again (Amazon SNS, message delivery retries)."""

Open = Callable[[bytes, str | None], Awaitable[Mail | Refusal]]
"""Reads a body with its content type, if it is genuine; `bot.edges.sns` does."""

Take = Callable[[Sequence[Mail]], Awaitable[object]]
"""Keeps mail; raises StorageUnavailable or AwsUnavailable when it could not."""


def router(opened: Open, take: Take) -> APIRouter:
    """The route; left out of the documentation, as only SNS calls it."""
    route = APIRouter(include_in_schema=False)

    @route.post("/sns")
    async def sns(request: Request) -> Response:
        body = await _body(request)
        mail = await opened(body, request.headers.get("content-type"))
        if isinstance(mail, Refusal):
            raise _refused(mail)
        try:
            await take([mail])
        except AwsUnavailable as error:
            log.warning("subscription not confirmed", extra={"reason": error.reason})
            raise Refused(Answer(503, remarks.NOT_NOW, retry_after(RETRY_SECONDS))) from error
        return Response()

    return route


def _refused(mail: Refusal) -> Refused:
    log.warning("sns message refused", extra={"reason": mail.reason})
    if mail.retry:
        return Refused(Answer(503, remarks.NOT_NOW, retry_after(RETRY_SECONDS)))
    return Refused(Answer(403, remarks.NOT_GENUINE))


async def _body(request: Request) -> bytes:
    _refuse_large(int(request.headers.get("content-length", "0")))
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                _refuse_large(len(body))
    except TimeoutError:
        raise Refused(Answer(408, rest.TOO_SLOW, HANG_UP)) from None
    return bytes(body)


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise Refused(Answer(413, rest.TOO_LARGE, HANG_UP))
