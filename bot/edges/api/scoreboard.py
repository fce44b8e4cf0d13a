"""`GET /placar`: how the forecasts did, as JSON."""

from datetime import timedelta
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic.json_schema import SkipJsonSchema

from bot.domain.tickers import Ticker
from bot.edges.api.documented import answers
from bot.edges.api.documents import Placar
from bot.edges.api.forecasts import ANSWERED, NOT_BLANK, SHARE_LENGTH
from bot.edges.api.kept_answers import Draft, KeptAnswers
from bot.edges.api.parts import Parts
from bot.edges.api.replies import reply
from bot.edges.api.strays import refuse_others
from bot.edges.api.telling import scores
from bot.flow.record.scoreboard import published
from bot.wording import rest

LASTS = timedelta(minutes=1)
"""Outcomes come once a day; a minute is soon enough to see them."""

Papel = Annotated[
    str | SkipJsonSchema[None],
    Query(
        description=rest.SHARE_QUERY_SCOREBOARD,
        min_length=1,
        max_length=SHARE_LENGTH,
        pattern=NOT_BLANK,
        examples=["ITUB4"],
    ),
]


def router(parts: Parts, kept: KeptAnswers) -> APIRouter:
    """The route of the scoreboard."""
    route = APIRouter()

    @route.get(
        "/placar",
        summary=rest.SCOREBOARD,
        description=rest.SCOREBOARD_MORE,
        response_model=None,
        responses=answers(Placar, *ANSWERED),
    )
    async def placar(request: Request, papel: Papel = None) -> Response:
        refuse_others(request)
        ticker = parts.ticker(papel) if papel else None
        answer = await kept.ask(("placar", ticker), lambda: _draft(parts, ticker))
        return reply(request, answer, parts.clock(), shared=parts.access.key is None)

    return route


async def _draft(parts: Parts, ticker: Ticker | None) -> Draft:
    document = scores(published(await parts.scoreboard(ticker)))

    return Draft(lambda _made_at: document, orjson.dumps, parts.clock() + LASTS)
