"""One API on a Wednesday morning before the open, all things well."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.edges.api.application import create_app
from tests.edges.api.service import Service, asking


@pytest.fixture
def service() -> Service:
    """Everything around the API."""
    return Service()


@pytest.fixture
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API."""
    async with asking(create_app(service.parts())) as client:
        yield client
