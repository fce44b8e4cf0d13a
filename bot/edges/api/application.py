"""Puts the API together: parts in, one ASGI application out.

    Envelope ─▶ Answering ─▶ Door ─▶ FastAPI's routes

Nothing is asked while it is built; no state outside what is returned.
"""

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware

from bot.edges.api import forecasts, health, pages, reference, scoreboard, webhook
from bot.edges.api.answering import Answering, Looks
from bot.edges.api.door import Door
from bot.edges.api.envelope import Envelope
from bot.edges.api.kept_answers import KeptAnswers
from bot.edges.api.parts import Parts
from bot.edges.api.screens import HTML, Screens
from bot.edges.api.strays import lost, unreadable, wrong_way
from bot.wording import rest


def create_app(parts: Parts) -> FastAPI:
    """Make the application; serve it with `bot.edges.api.server.served`."""
    screens = Screens.load()
    app = FastAPI(
        title=rest.TITLE,
        summary=rest.SUMMARY,
        description=rest.DESCRIPTION,
        version=parts.version,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={404: lost, 405: wrong_way, RequestValidationError: unreadable},  # type: ignore[dict-item]
        middleware=[
            Middleware(Envelope, parts.access.origins),
            Middleware(Answering, parts.report, _looks(screens)),
            Middleware(Door, parts.access, parts.monotonic),
        ],
    )
    for router in _routers(app, parts, screens):
        app.include_router(router)
    return app


def _routers(app: FastAPI, parts: Parts, screens: Screens) -> Iterator[APIRouter]:
    kept = KeptAnswers(parts.clock)
    yield forecasts.router(parts, kept)
    yield scoreboard.router(parts, kept)
    yield health.router(parts)
    yield pages.router(parts, kept, screens)
    yield reference.router(app, parts, kept, screens)
    if parts.webhook:
        yield webhook.router(parts.webhook)
    yield from parts.pushed


def _looks(screens: Screens) -> Looks:
    headers = {"content-type": HTML, **screens.headers}
    return Looks(
        paths=frozenset(("/", "/docs")),
        page=screens.sorry,
        headers=tuple((name.encode(), value.encode()) for name, value in headers.items()),
    )
