"""`GET /openapi.json` and `GET /docs`: what the routes are, for programs and for people."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from bot.edges.api.door import LOCKED, Access
from bot.edges.api.kept_answers import Draft, KeptAnswers
from bot.edges.api.parts import Parts
from bot.edges.api.replies import reply
from bot.edges.api.screens import HTML, Screens
from bot.wording import rest
from bot.wording.page.reference import reference
from bot.wording.page.shell import Frame

LASTS = timedelta(hours=1)
"""It changes with the program only."""

Document = dict[str, Any]

KEY = {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": rest.KEY}


def router(app: FastAPI, parts: Parts, kept: KeptAnswers, screens: Screens) -> APIRouter:
    """The routes of the documentation, which do not document themselves."""
    route = APIRouter(include_in_schema=False)

    def page(document: Document) -> bytes:
        return reference(document, Frame(screens.style)).encode()

    async def draft(write: Callable[[Document], bytes]) -> Draft:
        document = described(app, parts.access)
        return Draft(lambda _made_at: document, write, parts.clock() + LASTS)

    @route.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        answer = await kept.ask("openapi", partial(draft, orjson.dumps))
        return reply(request, answer, parts.clock())

    @route.get("/docs")
    async def docs(request: Request) -> Response:
        answer = await kept.ask("docs", partial(draft, page))
        return reply(request, answer, parts.clock(), HTML, screens.headers)

    return route


def described(app: FastAPI, access: Access) -> Document:
    """The OpenAPI document; the key is in it when there is one."""
    document = app.openapi()
    for shape in document["components"]["schemas"].values():
        shape.pop("description", None)  # our docstrings, in English; the fields say it all
    if access.key is None:
        return document
    document["components"]["securitySchemes"] = {"chave": KEY}
    for path, methods in document["paths"].items():
        if path.startswith(LOCKED):
            methods["get"]["security"] = [{"chave": []}]
            methods["get"]["responses"]["401"] = _unknown_key()
    return document


def _unknown_key() -> dict[str, Any]:
    body = {"schema": {"$ref": "#/components/schemas/Erro"}}
    return {"description": rest.ANSWERS[401], "content": {"application/json": body}}
