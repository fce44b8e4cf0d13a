"""What is answered when there is no forecast: one calm sentence for every way it can go wrong.

    ForecastError ──apology()──▶ what happened, and what to do next

Telegram HTML.  Nobody reads an endpoint's name, a status or a traceback here; those are in the log
under the same error.  `apology.registry` tells which errors have a sentence of their own.
"""

from functools import singledispatch

from bot.domain.tickers import shown
from bot.errors import (
    ClosesStale,
    ClosesUnavailable,
    ClosesUnusable,
    ForecastError,
    ModelRefused,
    ModelUnavailable,
    TickerNotServed,
    TooManyLookups,
    UnknownTicker,
    WindowTooShort,
)
from bot.wording import numbers
from bot.wording.markup import bold, typed
from bot.wording.messages import listed

ONE_SHARE = "Um papel de cada vez, por favor. Exemplo: /hoje ITUB4"
UNKNOWN_COMMAND = "Não conheço esse comando. O que sei fazer está em /ajuda."
NOT_UNDERSTOOD = "Não entendi. Para uma previsão, envie /hoje ITUB4; o resto está em /ajuda."
CAPTIONED = "Não leio comandos em legendas. Envie /hoje ITUB4 como mensagem, sem a foto."
ANSWERED_LATE = "Fiquei fora do ar por um tempo; só agora respondo ao que você enviou."
TOO_MANY = (
    "Muitas perguntas em pouco tempo: não consigo responder a todas. Espere as respostas que "
    "faltam e pergunte de novo."
)
STOPPED_BEFORE = (
    "O bot foi reiniciado antes de responder às suas últimas mensagens. Envie de novo, daqui a um "
    "minuto, as que ainda interessam."
)

SERVED_SHOWN = 10
"""Shares of the allow-list that are named; more would bury the sentence."""


@singledispatch
def apology(error: ForecastError) -> str:
    """One calm sentence and what to do next; Telegram HTML, safe whatever was typed."""
    again = "Tente de novo em alguns minutos." if error.retry else "Tente outro papel."
    return f"Não consegui fazer esta previsão. {again}"


@apology.register
def _unknown(error: UnknownTicker) -> str:
    asked = typed(shown(error.text))
    what = f"o papel {asked} na B3" if asked else "esse papel na B3"
    return f"Não encontrei {what}. Confira o código e tente de novo, por exemplo /hoje ITUB4."


@apology.register
def _not_served(error: TickerNotServed) -> str:
    names = [shown(ticker) for ticker in error.served[:SERVED_SHOWN]]
    more = len(error.served) - len(names)
    offered = listed([*names, f"mais {more}"] if more else names)
    return f"Não acompanho {_share(error.ticker)} aqui. Você pode pedir {offered}."


@apology.register
def _too_many_lookups(error: TooManyLookups) -> str:
    return (
        f"Não procurei {_share(error.ticker)}: houve pedidos demais de papéis desconhecidos. "
        "Tente de novo em uma hora; os papéis já conhecidos continuam disponíveis."
    )


@apology.register
def _closes_unavailable(error: ClosesUnavailable) -> str:
    return (
        f"A fonte de preços não respondeu e não tenho fechamentos guardados de "
        f"{_share(error.ticker)}. Tente de novo em alguns minutos."
    )


@apology.register
def _closes_unusable(_error: ClosesUnusable) -> str:
    return "Os preços que recebi desse papel não servem para uma previsão. Tente outro papel."


@apology.register
def _window_too_short(error: WindowTooShort) -> str:
    return (
        f"{_share(error.ticker)} tem só {error.found} fechamentos na fonte, e preciso de "
        f"{error.needed}. Tente outro papel ou volte daqui a alguns pregões."
    )


@apology.register
def _closes_stale(error: ClosesStale) -> str:
    return (
        f"O último fechamento que recebi de {_share(error.ticker)} é de "
        f"{numbers.day(error.newest)}/{error.newest.year}, antigo demais para uma previsão. "
        "Confira se o papel ainda é negociado ou tente outro."
    )


@apology.register
def _model_unavailable(_error: ModelUnavailable) -> str:
    return "O modelo não respondeu agora. Tente de novo em alguns minutos."


@apology.register
def _model_refused(_error: ModelRefused) -> str:
    return (
        "O modelo respondeu, mas não com uma previsão em que se possa confiar. "
        "Tente mais tarde ou peça outro papel."
    )


def unexpected(code: str) -> str:
    """For what nobody foresaw; `code` is what the operator finds in the log."""
    return (
        "Algo inesperado aconteceu deste lado. Tente de novo em alguns minutos; se continuar, "
        f"informe o código {typed(code)} a quem cuida do bot."
    )


def _share(ticker: str) -> str:
    return bold(shown(ticker))
