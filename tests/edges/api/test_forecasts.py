"""`GET /fechamento/hoje` and `/fechamento/proximos`, as an integrator reads them."""

from datetime import UTC

import httpx
import pytest

from bot.domain.bars import Origin, RunningPrice
from bot.edges.api.telling import centavos
from tests.edges.api.service import Service
from tests.share_bars import at

MODEL = {"nome": "fake", "versao": "1", "sha256": "0" * 64}
DISCLAIMER = "Não é recomendação de investimento."


async def test_before_the_open_today_s_close_is_forecast_from_yesterday_s(
    api: httpx.AsyncClient,
) -> None:
    """The whole answer: share, session, forecast, bands, last close and its day."""
    answer = await api.get("/fechamento/hoje")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {
        "papel": "ITUB4.SA",
        "previsao_hoje": {
            "sessao": "2026-07-29",
            "predicted_price": 29.61,
            "minimo_80": 28.42,
            "maximo_80": 30.79,
            "minimo_95": 27.83,
            "maximo_95": 31.38,
        },
        "ultimo_fechamento": {"sessao": "2026-07-28", "preco": 29.58},
        "fechamento_hoje": None,
        "preco_do_momento": None,
        "pregoes_faltando": [],
        "fechamentos_guardados_em": None,
        "simulado": False,
        "aviso": DISCLAIMER,
        "modelo": MODEL,
        "gerado_em": "2026-07-29T08:30:00-03:00",
    }


async def test_the_five_sessions_after_today_come_with_their_dates(
    api: httpx.AsyncClient,
) -> None:
    """D+1 … D+5 are sessions of B3: the weekend is left out."""
    answer = (await api.get("/fechamento/proximos?papel=petr4")).json()
    days = [one["sessao"] for one in answer["previsoes_proximos_5_dias"]]

    assert list(answer) == [
        "papel",
        "previsoes_proximos_5_dias",
        "ultimo_fechamento",
        "pregoes_faltando",
        "fechamentos_guardados_em",
        "simulado",
        "aviso",
        "modelo",
        "gerado_em",
    ]
    assert answer["papel"] == "PETR4.SA"
    assert answer["previsoes_proximos_5_dias"][0] == {
        "sessao": "2026-07-30",
        "predicted_price": 29.63,
        "minimo_80": 28.45,
        "maximo_80": 30.82,
        "minimo_95": 27.86,
        "maximo_95": 31.41,
    }
    assert days == ["2026-07-30", "2026-07-31", "2026-08-03", "2026-08-04", "2026-08-05"]


async def test_the_running_price_is_said_with_its_moment(
    service: Service, api: httpx.AsyncClient
) -> None:
    """A narrowed forecast must not be taken for the morning's."""
    service.now = at("2026-07-29T14:40")
    service.prices.running = RunningPrice(30.005, at("2026-07-29T14:25"))
    answer = (await api.get("/fechamento/hoje")).json()

    assert answer["preco_do_momento"] == {"preco": 30.01, "em": "2026-07-29T14:25:00-03:00"}
    assert answer["previsao_hoje"]["minimo_80"] > 28.42


async def test_after_the_close_it_stands_beside_what_had_been_forecast(
    service: Service, api: httpx.AsyncClient
) -> None:
    """The forecast starts from the close before; the close itself is another key."""
    before = (await api.get("/fechamento/hoje")).json()
    service.now = at("2026-07-29T18:00")
    after = (await api.get("/fechamento/hoje")).json()

    assert after["fechamento_hoje"]["sessao"] == "2026-07-29"
    assert after["previsao_hoje"] == before["previsao_hoje"]
    assert after["ultimo_fechamento"] == before["ultimo_fechamento"]


async def test_invented_prices_say_so_in_every_answer(
    service: Service, api: httpx.AsyncClient
) -> None:
    """Nobody may take a simulation for a price."""
    service.prices.origin = Origin.SIMULATED
    answers = [(await api.get(f"/fechamento/{what}")).json() for what in ("hoje", "proximos")]

    assert [(one["simulado"], one["aviso"]) for one in answers] == [
        (True, f"SIMULADO · preços inventados, sem valor. {DISCLAIMER}")
    ] * 2


async def test_old_closes_say_how_old_they_are(service: Service, api: httpx.AsyncClient) -> None:
    """While the source is away the answer rests on what was kept, and on fewer sessions."""
    service.prices.newest = "2026-07-24"
    service.prices.kept_at = at("2026-07-24T21:05")
    answer = (await api.get("/fechamento/proximos")).json()

    assert answer["fechamentos_guardados_em"] == "2026-07-24T21:05:00-03:00"
    assert answer["pregoes_faltando"] == ["2026-07-27", "2026-07-28"]
    assert len(answer["previsoes_proximos_5_dias"]) == 3


async def test_moments_are_those_of_sao_paulo_whatever_the_clock_s_zone(
    service: Service, api: httpx.AsyncClient
) -> None:
    """An aware moment is enough; nobody has to guess its zone."""
    service.now = service.now.astimezone(UTC)
    answer = (await api.get("/fechamento/hoje")).json()

    assert answer["gerado_em"] == "2026-07-29T08:30:00-03:00"


@pytest.mark.parametrize(
    ("price", "told"), [(0.285, 0.29), (1234.5, 1234.5), (30.004999, 30.0), (0.004, 0.0)]
)
def test_prices_are_rounded_as_the_chat_rounds_them(price: float, told: float) -> None:
    """Two numbers for one price would make people doubt both."""
    assert centavos(price) == told
