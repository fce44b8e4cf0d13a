"""Asks AWS for a certificate: once, over TLS, with no redirect, a few seconds and kilobytes long.

The address was checked before (`Topic.certificate_name`): here it is only followed.
"""

import asyncio

import httpx

from bot.edges.sns.certificates import LARGEST_FILE
from bot.edges.sns.refusal import MessageRefused

SECONDS = 5.0
"""For everything together; SNS itself waits 15 s for our answer."""


async def fetch_certificate(url: str, seconds: float = SECONDS) -> bytes:
    """Get the file at `url` as it stands, at most 64 KiB of it.

    Raises:
        MessageRefused: to be tried again: no answer in time, another status than 200, too large.
    """
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(follow_redirects=False) as client,
            client.stream("GET", url, headers={"accept-encoding": "identity"}) as answer,
        ):
            return await _body(answer)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise MessageRefused("certificate cannot be fetched", retry=True) from error


async def _body(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise MessageRefused(f"certificate answered {answer.status_code}", retry=True)
    body = bytearray()
    async for part in answer.aiter_raw():  # raw: nothing gets to unpack itself in memory
        body += part
        if len(body) > LARGEST_FILE:
            raise MessageRefused("certificate is too large", retry=True)
    return bytes(body)
