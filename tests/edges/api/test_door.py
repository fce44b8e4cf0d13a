"""Who comes in: size, rate, key."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import APIRouter, Request, Response

from bot.edges.api.allowance import Rate
from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from tests.edges.api.service import Service, asking, with_access

TODAY = "/fechamento/hoje"
OFTEN = {"erro": "Houve pedidos demais deste endereço. Aguarde alguns segundos."}


async def statuses(api: httpx.AsyncClient, count: int, path: str = TODAY) -> list[int]:
    """Ask some times over."""
    return [(await api.get(path)).status_code for _ in range(count)]


async def test_one_address_has_a_burst_and_then_waits(service: Service) -> None:
    """Nobody takes the service away from others; who is refused is told for how long."""
    app = with_access(service, Access(rate=Rate(per_minute=60, burst=3)))
    async with asking(app) as api:
        first = await statuses(api, 3)
        refused = await api.get(TODAY)
        service.passes(seconds=1)
        later = await statuses(api, 2)

    assert first == [200, 200, 200]
    assert (refused.status_code, refused.json()) == (429, OFTEN)
    assert refused.headers["retry-after"] == "1"
    assert later == [200, 429]


async def test_others_are_not_refused_for_it(service: Service) -> None:
    """The limit is one of addresses."""
    app = with_access(service, Access(rate=Rate(60, 1)))
    async with asking(app) as one, asking(app, "203.0.113.8") as other:
        found = await statuses(one, 2), await statuses(other, 1)

    assert found == ([200, 429], [200])


async def test_by_default_sixty_a_minute_come_in(service: Service) -> None:
    """Thirty at once, then one a second."""
    app = with_access(service, Access())
    async with asking(app) as api:
        found = await statuses(api, 31)

    assert found == [200] * 30 + [429]


@pytest.mark.parametrize("proxies", [0, 1])
async def test_a_forwarded_address_counts_only_behind_our_proxies(
    service: Service, proxies: int
) -> None:
    """Anybody can write the header; only what our own proxy wrote is believed."""
    app = with_access(service, Access(rate=Rate(60, 1), proxies=proxies))
    async with asking(app, "10.0.0.1") as api:
        found = [
            (await api.get(TODAY, headers={"X-Forwarded-For": f"6.6.6.6, 198.51.100.{n}"}))
            for n in range(2)
        ]

    assert [answer.status_code for answer in found] == [200, 200 if proxies else 429]


async def test_an_invented_forwarder_makes_no_new_address(service: Service) -> None:
    """What stands left of our proxy's entry was written by the caller."""
    app = with_access(service, Access(rate=Rate(60, 1), proxies=1))
    async with asking(app, "10.0.0.1") as api:
        found = [
            (await api.get(TODAY, headers={"X-Forwarded-For": f"6.6.6.{n}, 198.51.100.1"}))
            for n in range(2)
        ]

    assert [answer.status_code for answer in found] == [200, 429]


async def test_the_state_is_told_however_often(service: Service) -> None:
    """A load balancer that is refused takes a healthy service out."""
    app = with_access(service, Access(rate=Rate(60, 1)))
    async with asking(app) as api:
        found = await statuses(api, 5, "/saude")

    assert found == [200] * 5


async def test_the_page_is_refused_as_a_page(service: Service) -> None:
    """People read HTML, also when they press reload too often."""
    app = with_access(service, Access(rate=Rate(60, 1)))
    async with asking(app) as api:
        await api.get("/")
        refused = await api.get("/")

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "text/html; charset=utf-8"
    assert OFTEN["erro"] in refused.text


@pytest.mark.parametrize("sent", [None, "", "wrong", "the-keyé"])
@pytest.mark.parametrize("path", [TODAY, "/fechamento/proximos", "/placar"])
async def test_without_the_key_the_routes_stay_shut(
    service: Service, path: str, sent: str | None
) -> None:
    """A 401 names the way in; whether the share exists is nobody's business."""
    app = with_access(service, Access(key="the-key", rate=None))
    headers = {b"X-API-Key": sent.encode("latin-1")} if sent is not None else {}
    async with asking(app) as api:
        answer = await api.get(path, params={"papel": "XPTO3"}, headers=headers)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "APIKey")
    assert answer.json() == {"erro": "Informe a chave de acesso no cabeçalho X-API-Key."}
    assert service.prices.asked == 0


async def test_with_the_key_they_open(service: Service) -> None:
    """And page, documentation and state never need it."""
    app = with_access(service, Access(key="the-key", rate=None))
    async with asking(app) as api:
        opened = await api.get(TODAY, headers={"X-API-Key": "the-key"})
        free = [(await api.get(path)).status_code for path in ("/", "/docs", "/saude")]

    assert (opened.status_code, free) == (200, [200, 200, 200])
    assert "the-key" not in repr(Access(key="the-key"))


async def test_a_body_that_nobody_reads_is_bounded(api: httpx.AsyncClient) -> None:
    """16 KiB pass, one more byte does not, and the connection ends with what is not read."""
    fits = await api.request("GET", TODAY, content=b"x" * 16 * 1024)
    refused = await api.request("GET", TODAY, content=b"x" * (16 * 1024 + 1))

    assert fits.status_code == 200
    assert (refused.status_code, refused.headers["connection"]) == (413, "close")
    assert refused.json() == {"erro": "O pedido é grande demais."}


async def test_a_body_without_an_end_is_refused(api: httpx.AsyncClient) -> None:
    """No route behind the door reads one, so nobody would ever stop it."""

    async def endless() -> AsyncIterator[bytes]:
        yield b"x"

    refused = await api.request("GET", TODAY, content=endless())

    assert (refused.status_code, refused.headers["connection"]) == (411, "close")
    assert refused.json() == {"erro": "O pedido traz um corpo sem dizer de que tamanho."}


async def test_services_that_push_come_in_by_doors_of_their_own(service: Service) -> None:
    """Their routes are added from outside; neither the rate nor the key of people stops them."""
    route = APIRouter(include_in_schema=False)

    @route.post("/sns")
    async def pushed(request: Request) -> Response:
        return Response(str(len(await request.body())))

    access = Access(key="k", rate=Rate(60, 1))
    app = create_app(replace(service.parts(), access=access, pushed=(route,)))
    async with asking(app) as api:
        answers = [await api.post("/sns", content=b"x" * 100_000) for _ in range(3)]

    assert [answer.text for answer in answers] == ["100000"] * 3
