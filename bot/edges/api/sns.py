"""Where SNS posts alarms: verified, kept, acknowledged; sent afterwards.

    POST /sns ─≤ 1 MiB─▶ verified ─▶ kept and queued ─▶ 200      not kept: 503, SNS sends it again

SNS waits for fifteen seconds, and takes anything but 2xx for a failure that it repeats.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, Request, Response

from bot.domain.alarms.mail import Mail, Refusal
from bot.edges.api.bodies import pushed_body
from bot.edges.api.refusals import Refusal as Answer
from bot.edges.api.refusals import Refused, retry_after
from bot.ports.alarms import AwsUnavailable
from bot.wording.alarms import remarks

log = logging.getLogger(__name__)

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
        body = await pushed_body(request)
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
