"""Connections that load a server."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.bench.connections import connected, one_by_one, per_second
from tests.loopback import listening

asked: list[str] = []


async def _answer(request: Request) -> Response:
    asked.append(request.url.path)
    return PlainTextResponse("é", status_code=200 if request.url.path != "/away" else 503)


APP = Starlette(routes=[Route("/{path:path}", _answer)])


async def test_every_request_is_answered_whole() -> None:
    """A body half read would be the beginning of the next answer."""
    with listening(APP) as url:
        async with connected(url) as (connection,):
            bodies = [await connection.ask("/a"), await connection.ask("/b")]

    assert bodies == ["é".encode(), "é".encode()]


async def test_a_crowd_asks_as_often_as_it_was_told() -> None:
    """A rate of requests that were not made would be anything."""
    asked.clear()
    with listening(APP) as url:
        rate = await per_second(url, "/crowd", clients=4, requests=40)

    assert asked == ["/crowd"] * 40
    assert rate > 0


async def test_refusals_are_no_answers() -> None:
    """Errors are fast; a broken server would win every comparison."""
    with listening(APP) as url, pytest.raises(RuntimeError, match="503"):
        await one_by_one(url, ["/away"])
