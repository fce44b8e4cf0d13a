"""`GET /placar`, as an integrator reads it."""

import httpx
import pytest

from tests.edges.api.service import Service

KEYS = ["janela", "pregoes", "previsoes", "mae", "mae_ingenua", "mape", "mape_ingenua"]


async def test_errors_stand_beside_those_of_repeating_the_last_close(
    service: Service, api: httpx.AsyncClient
) -> None:
    """Every forecast was 1 % low, every previous close 0.5 %: the bot was worse, and says so."""
    await service.settle(7)
    board = (await api.get("/placar?papel=itub4")).json()

    assert (board["papel"], board["atualizado_em"]) == ("ITUB4.SA", "2026-07-29T08:30:00-03:00")
    assert board["janelas"][0] == {
        "janela": 5,
        "pregoes": 5,
        "previsoes": 5,
        "mae": 0.3,
        "mae_ingenua": 0.15,
        "mape": 0.01,
        "mape_ingenua": 0.005,
        "cobertura_80": 1.0,
        "direcao": {"acertos": 0, "total": 5, "minimo_95": 0.0, "maximo_95": 0.4345},
        "replay": 0,
    }
    assert [(one["janela"], one["pregoes"]) for one in board["janelas"]] == [
        (5, 5),
        (20, 7),
        (60, 7),
        (250, 7),
    ]


async def test_all_shares_together_have_no_error_in_reais(
    service: Service, api: httpx.AsyncClient
) -> None:
    """Centavos of one share and reais of another have no mean."""
    await service.settle(5)
    board = (await api.get("/placar")).json()

    assert (board["papel"], board["janelas"][0]["mae"]) == (None, None)
    assert board["janelas"][0]["mape"] == 0.01


async def test_without_outcomes_the_figures_are_null(api: httpx.AsyncClient) -> None:
    """Zero errors would be a lie."""
    board = (await api.get("/placar")).json()

    assert board["janelas"][0] == {
        **dict.fromkeys(KEYS),
        "janela": 5,
        "pregoes": 0,
        "previsoes": 0,
        "cobertura_80": None,
        "direcao": None,
        "replay": 0,
    }


@pytest.mark.parametrize("papel", ["XPTO99", "nada"])
async def test_what_is_no_share_is_a_404(api: httpx.AsyncClient, papel: str) -> None:
    """As with the forecasts."""
    answer = await api.get("/placar", params={"papel": papel})

    assert answer.status_code == 404


async def test_it_may_be_kept_for_a_minute(service: Service, api: httpx.AsyncClient) -> None:
    """Outcomes come once a day; who has them gets no body."""
    await service.settle(5)
    first = await api.get("/placar")
    again = await api.get("/placar", headers={"If-None-Match": first.headers["etag"]})

    assert (first.headers["cache-control"], again.status_code) == ("public, max-age=60", 304)
