"""`GET /saude`: what load balancers and operators see."""

import asyncio

import httpx
import pytest

from bot.edges.api import health
from bot.edges.api.parts import Check
from tests.edges.api.service import Service


async def works() -> bool:
    """A dependency that does."""
    return True


async def fails() -> bool:
    """One that says it does not."""
    return False


async def breaks() -> bool:
    """One that raises whatever its library raises.

    Raises:
        OSError: always.
    """
    raise OSError("password=hunter2 at 10.0.0.5")


async def hangs() -> bool:
    """One that never answers."""
    await asyncio.Event().wait()
    return True


async def test_all_well_is_a_200(service: Service, api: httpx.AsyncClient) -> None:
    """Each dependency by its name."""
    service.checks |= {"fechamentos": works, "endpoint": works, "banco": works, "telegram": works}
    answer = await api.get("/saude")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json() == {
        "situacao": "ok",
        "dependencias": dict.fromkeys(("fechamentos", "endpoint", "banco", "telegram"), "ok"),
        "versao": "1.2.3",
        "verificado_em": "2026-07-29T08:30:00-03:00",
    }


@pytest.mark.parametrize("check", [fails, breaks, hangs])
async def test_one_that_fails_is_a_503_that_names_it_and_nothing_else(
    service: Service,
    api: httpx.AsyncClient,
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What it said stays in the log: addresses and passwords travel in exceptions."""
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    service.checks |= {"banco": check, "telegram": works}
    answer = await api.get("/saude")

    assert answer.status_code == 503
    assert answer.json()["situacao"] == "falha"
    assert answer.json()["dependencias"] == {"banco": "falha", "telegram": "ok"}
    assert "hunter2" not in answer.text
    assert [record.message for record in caplog.records] == ["dependency does not work"]


async def test_a_crowd_of_askers_costs_one_look(service: Service, api: httpx.AsyncClient) -> None:
    """The route is open to everybody, so it must not multiply questions to the database."""
    looks: list[int] = []

    async def counted() -> bool:
        looks.append(1)
        await asyncio.sleep(0)
        return True

    service.checks["banco"] = counted
    await asyncio.gather(*(api.get("/saude") for _ in range(20)))
    service.passes(seconds=4)
    await api.get("/saude")
    within = len(looks)
    service.passes(seconds=1)
    await api.get("/saude")

    assert (within, len(looks)) == (1, 2)
