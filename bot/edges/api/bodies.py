"""The body of what services push to us: all of it, if it is small and comes at once."""

import asyncio

from fastapi import Request

from bot.edges.api.refusals import HANG_UP, Refusal, Refused
from bot.wording import rest

MOST_BYTES = 1024 * 1024
"""Four times what SNS carries (Amazon SNS quotas), and far more than any update of Telegram."""
BODY_SECONDS = 10
"""Telegram and AWS send a body at once; whoever takes longer is neither."""


async def pushed_body(request: Request) -> bytes:
    """Read it.

    Raises:
        Refused: 413 or 408, and the connection is closed.
    """
    _refuse_large(int(request.headers.get("content-length", "0")))
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                _refuse_large(len(body))
    except TimeoutError:
        raise Refused(Refusal(408, rest.TOO_SLOW, HANG_UP)) from None
    return bytes(body)


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise Refused(Refusal(413, rest.TOO_LARGE, HANG_UP))
