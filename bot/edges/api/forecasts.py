"""`GET /fechamento/hoje` and `GET /fechamento/proximos`: what is forecast, as JSON."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic.json_schema import SkipJsonSchema

from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.edges.api.documented import answers
from bot.edges.api.documents import Hoje, Proximos
from bot.edges.api.freshness import stands_until
from bot.edges.api.kept_answers import Draft, KeptAnswers
from bot.edges.api.parts import Parts
from bot.edges.api.replies import reply
from bot.edges.api.strays import refuse_others
from bot.edges.api.telling import coming, today
from bot.wording import rest

SHARE_LENGTH = 20
"""Longest name of a share that is looked at."""

NOT_BLANK = r"\S"

Papel = Annotated[
    str | SkipJsonSchema[None],
    Query(
        description=rest.SHARE_QUERY,
        min_length=1,
        max_length=SHARE_LENGTH,
        pattern=NOT_BLANK,
        examples=["ITUB4", "PETR4.SA"],
    ),
]

ANSWERED = (304, 404, 422, 429, 500, 503)
"""Statuses of a route about one share, besides 200."""

Tell = Callable[[Outlook, datetime], object]


def router(parts: Parts, kept: KeptAnswers) -> APIRouter:
    """The routes of the forecasts."""
    route = APIRouter(prefix="/fechamento")

    async def told(request: Request, papel: str | None, tell: Tell) -> Response:
        refuse_others(request)
        ticker = parts.ticker(papel or parts.default_ticker)
        answer = await kept.ask((tell, ticker), lambda: _draft(parts, ticker, tell))
        return reply(request, answer, parts.clock(), shared=parts.access.key is None)

    @route.get(
        "/hoje",
        summary=rest.TODAY,
        description=rest.TODAY_MORE,
        response_model=None,
        responses=answers(Hoje, *ANSWERED),
    )
    async def hoje(request: Request, papel: Papel = None) -> Response:
        return await told(request, papel, today)

    @route.get(
        "/proximos",
        summary=rest.COMING,
        description=rest.COMING_MORE,
        response_model=None,
        responses=answers(Proximos, *ANSWERED),
    )
    async def proximos(request: Request, papel: Papel = None) -> Response:
        return await told(request, papel, coming)

    return route


async def _draft(parts: Parts, ticker: Ticker, tell: Tell) -> Draft:
    now = parts.clock()
    outlook = await parts.outlook(ticker)
    until = stands_until(outlook, parts.sessions, now)
    return Draft(partial(tell, outlook), orjson.dumps, until)
