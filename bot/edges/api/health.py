"""Whether everything the service depends on works, for load balancers and operators.

Every dependency is asked at the same time and has two seconds; who asks again within five reads
the same answer.  Names and states only: why something failed is in the log.
"""

import asyncio
import logging
from datetime import timedelta

import orjson
from fastapi import APIRouter, Response

from bot.domain.sessions import SAO_PAULO
from bot.edges.api.documented import answers
from bot.edges.api.documents import Saude
from bot.edges.api.parts import Check, Parts
from bot.edges.api.replies import JSON
from bot.single_flight import SingleFlight
from bot.wording import rest

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2
HOLD = timedelta(seconds=5)
OK, FAILED = "ok", "falha"


def router(parts: Parts) -> APIRouter:
    """The route of the state."""
    route = APIRouter()
    examination = Examination(parts)

    @route.get(
        "/saude",
        summary=rest.HEALTH,
        description=rest.HEALTH_MORE,
        response_model=None,
        responses=answers(Saude, 500) | {503: {"model": Saude, "description": rest.HEALTH_MORE}},
    )
    async def saude() -> Response:
        found = await examination.newest()
        status = 200 if found.situacao == OK else 503
        return Response(orjson.dumps(found), status, {"cache-control": "no-store"}, JSON)

    return route


class Examination:
    """Asks every dependency, at most once in five seconds."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._newest: Saude | None = None
        self._under_way: SingleFlight[Saude] = SingleFlight()

    async def newest(self) -> Saude:
        """The newest state, looked at again when it is old."""
        kept, now = self._newest, self._parts.clock()
        if kept is not None and kept.verificado_em <= now < kept.verificado_em + HOLD:
            return kept
        return await self._under_way.ask("all", self._look)

    async def _look(self) -> Saude:
        names, checks = list(self._parts.checks), self._parts.checks.values()
        works = await asyncio.gather(*map(_works, checks), return_exceptions=True)
        states = {name: _state(name, found) for name, found in zip(names, works, strict=True)}
        now = self._parts.clock().astimezone(SAO_PAULO)
        worst = OK if set(states.values()) <= {OK} else FAILED
        self._newest = Saude(worst, states, self._parts.version, now)
        return self._newest


async def _works(check: Check) -> bool:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await check()


def _state(name: str, found: bool | BaseException) -> str:  # noqa: FBT001, it is what was found
    if found is True:
        return OK
    log.warning("dependency does not work", extra={"dependency": name, "found": repr(found)})
    return FAILED
