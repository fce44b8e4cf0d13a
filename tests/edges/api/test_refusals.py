"""What is answered when there is no forecast: a true status and one Portuguese sentence."""

from datetime import date

import httpx
import pytest

from bot.domain.tickers import Ticker
from bot.edges.api.application import create_app
from bot.edges.api.refusals import refusal
from bot.errors import (
    ClosesStale,
    ClosesUnavailable,
    ForecastError,
    ModelRefused,
    ModelUnavailable,
    StorageUnavailable,
    TooManyLookups,
    WindowTooShort,
)
from tests.edges.api.service import Service, asking
from tests.share_bars import ITUB4
from tests.wording.golden import FAILURES

TODAY = "/fechamento/hoje"
MINUTES = "Tente de novo em alguns minutos."


def told(answer: httpx.Response) -> tuple[int, str | None, object]:
    """Status, when to try again, and the body."""
    return answer.status_code, answer.headers.get("retry-after"), answer.json()


CLOSES = [
    (
        ClosesUnavailable("ITUB4.SA", "HTTP 429 from 10.0.0.1"),
        (
            503,
            "60",
            "A fonte de preços não respondeu e não tenho fechamentos guardados de ITUB4. Tente de "
            "novo em alguns minutos.",
        ),
    ),
    (
        TooManyLookups("XPTO3.SA"),
        (
            429,
            "3600",
            "Não procurei XPTO3: houve pedidos demais de papéis desconhecidos. Tente de novo em "
            "uma hora; os papéis já conhecidos continuam disponíveis.",
        ),
    ),
    (
        WindowTooShort("ITUB4.SA", 12, 60),
        (
            422,
            None,
            "ITUB4 tem só 12 fechamentos na fonte, e preciso de 60. Tente outro papel ou volte "
            "daqui a alguns pregões.",
        ),
    ),
    (
        ClosesStale("ITUB4.SA", date(2026, 5, 4)),
        (
            422,
            None,
            "O último fechamento que recebi de ITUB4 é de seg., 04/05/2026, antigo demais para uma "
            "previsão. Confira se o papel ainda é negociado ou tente outro.",
        ),
    ),
]


@pytest.mark.parametrize(("failure", "expected"), CLOSES)
async def test_closes_that_cannot_be_had_are_said(
    service: Service,
    api: httpx.AsyncClient,
    failure: ForecastError,
    expected: tuple[int, str | None, str],
) -> None:
    """The status tells programs, the sentence tells people, neither tells what is behind."""
    service.prices.failure = failure
    status, retry, sentence = expected

    assert told(await api.get(TODAY)) == (status, retry, {"erro": sentence})


@pytest.mark.parametrize(
    ("failure", "retry", "sentence"),
    [
        (
            ModelUnavailable("secret-endpoint", 503),
            "30",
            f"O modelo não respondeu agora. {MINUTES}",
        ),
        (
            ModelRefused("secret-endpoint", 424, "five steps"),
            "300",
            "O modelo respondeu, mas não com uma previsão em que se possa confiar. Tente mais "
            "tarde ou peça outro papel.",
        ),
    ],
)
async def test_a_model_that_is_away_is_a_503(
    service: Service, api: httpx.AsyncClient, failure: ForecastError, retry: str, sentence: str
) -> None:
    """Monitors and callers see an outage as one, with when to try again."""
    service.model.failure = failure

    assert told(await api.get(TODAY)) == (503, retry, {"erro": sentence})


async def test_a_failure_is_not_remembered(service: Service, api: httpx.AsyncClient) -> None:
    """The first question after an outage is answered."""
    service.model.failure = ModelUnavailable("endpoint", None)
    during = await api.get(TODAY)
    service.model.failure = None
    after = await api.get(TODAY)

    assert (during.status_code, after.status_code) == (503, 200)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("XPTO3", "Não encontrei o papel XPTO3 na B3. Confira o código; um exemplo é ITUB4."),
        (
            "PETROBRAS",
            "Não encontrei o papel PETROBRAS na B3. Confira o código; um exemplo é ITUB4.",
        ),
        ("<b>x", "Não encontrei o papel <b>x na B3. Confira o código; um exemplo é ITUB4."),
        ("\x00\u202e", "Não encontrei esse papel na B3. Confira o código; um exemplo é ITUB4."),
        ("../etc/x", "Não encontrei o papel ../etc/x na B3. Confira o código; um exemplo é ITUB4."),
    ],
)
@pytest.mark.parametrize("route", [TODAY, "/fechamento/proximos"])
async def test_what_is_no_share_is_a_404(
    api: httpx.AsyncClient, route: str, asked: str, sentence: str
) -> None:
    """Whatever was written, the sentence repeats it as one harmless line."""
    answer = await api.get(route, params={"papel": asked})

    assert told(answer) == (404, None, {"erro": sentence})


async def test_a_share_outside_the_allow_list_is_a_404(service: Service) -> None:
    """With the shares that can be had."""
    service.served = (ITUB4, Ticker("VALE3.SA"))
    async with asking(create_app(service.parts())) as narrow:
        answer = await narrow.get(TODAY, params={"papel": "PETR4"})

    assert told(answer) == (
        404,
        None,
        {"erro": "Não acompanho PETR4 aqui. Você pode pedir ITUB4 e VALE3."},
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("papel=", "O parâmetro papel não serve"),
        ("papel=%20%09", "O parâmetro papel não serve"),
        (f"papel={'A' * 21}", "O parâmetro papel não serve"),
        ("ticker=PETR4", "O parâmetro ticker não serve"),
        ("papel=ITUB4&papel=PETR4", "O parâmetro papel não serve"),
        ("papel=ITUB4&a=1&b=2", "Os parâmetros a e b não servem"),
        ("papel=ITUB4&=1", "O parâmetro sem nome não serve"),
    ],
)
@pytest.mark.parametrize("route", [TODAY, "/fechamento/proximos", "/placar"])
async def test_a_parameter_that_cannot_be_read_is_a_422(
    api: httpx.AsyncClient, route: str, query: str, names: str
) -> None:
    """A mistyped name must not silently give the forecast of another share."""
    answer = await api.get(f"{route}?{query}")
    sentence = f"{names}; escreva papel=ITUB4, com o código de um papel da B3."

    assert told(answer) == (422, None, {"erro": sentence})


@pytest.mark.parametrize("path", ["/nada", "/placar/", "/fechamento", "/docs/x", "/telegram/x"])
async def test_an_address_that_does_not_exist_is_a_404(api: httpx.AsyncClient, path: str) -> None:
    """No redirect, and none of the framework's own bodies."""
    answer = await api.get(path)
    sentence = "Este endereço não existe. Os que existem estão em /docs."

    assert told(answer) == (404, None, {"erro": sentence})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_a_wrong_method_says_which_is_right(api: httpx.AsyncClient, method: str) -> None:
    """RFC 9110, 15.5.6: with the header `Allow`."""
    answer = await api.request(method, TODAY)

    assert answer.headers["allow"] == "GET, HEAD"
    assert told(answer) == (
        405,
        None,
        {"erro": f"Este endereço não atende {method}; use GET ou HEAD."},
    )


async def test_what_nobody_foresaw_leads_to_the_log(
    service: Service, api: httpx.AsyncClient
) -> None:
    """The caller gets a code and nothing else; the operator gets the exception."""
    failure = RuntimeError("password of the database")
    service.prices.failure = failure
    answer = await api.get(TODAY)

    assert told(answer) == (
        500,
        None,
        {
            "erro": "Algo inesperado aconteceu deste lado. Tente de novo em alguns minutos; se "
            "continuar, informe o código c0de01 a quem cuida do serviço."
        },
    )
    assert service.reported == [failure]


async def test_a_database_that_is_away_is_a_503(service: Service, api: httpx.AsyncClient) -> None:
    """Forecasts go on without it, the scoreboard does not."""
    service.record.failure = StorageUnavailable("locked")

    assert told(await api.get("/placar")) == (
        503,
        "30",
        {"erro": "O banco de dados não respondeu agora. Tente de novo em alguns minutos."},
    )
    assert (await api.get(TODAY)).status_code == 200


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_every_error_has_a_true_status_and_says_whether_to_try_again(
    error: ForecastError,
) -> None:
    """A new leaf of the tree of errors may not fall through to a 500."""
    found = refusal(error)
    names = [name for name, _ in found.headers] if found else []

    assert found is not None
    assert found.status in {404, 422, 429, 503}
    assert (b"retry-after" in names) == (found.status in {429, 503})
    assert "<" not in found.sentence
    assert "/hoje" not in found.sentence


def test_an_error_of_its_own_kind_is_a_503() -> None:
    """The base of the tree stands for leaves that are still to come."""
    found = refusal(ForecastError())

    assert found is not None
    assert (found.status, found.headers) == (503, ())
