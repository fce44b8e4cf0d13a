"""From an outlook or a board to the document that a JSON route answers.

    Outlook ──today()──▶ Hoje     Outlook ──coming()──▶ Proximos     Placar ──scores()──▶ Placar

Prices are rounded to centavos as the chat rounds them, fractions to four decimals: no integrator
sees more digits than there is knowledge in them.  Moments are told in São Paulo's time.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.bars import Origin, RunningPrice
from bot.domain.forecast import Forecast, Model, Outlook
from bot.domain.sessions import SAO_PAULO
from bot.edges.api.documents import (
    Direcao,
    Fechamento,
    Hoje,
    Janela,
    Modelo,
    Placar,
    PrecoDoMomento,
    Previsao,
    Proximos,
)
from bot.flow.record import scoreboard
from bot.wording import rest
from bot.wording.known import Close, closes_before_today, known_closes

CENTAVOS, FRACTION = 2, 4
"""Decimals of prices and of fractions."""


def today(outlook: Outlook, made_at: datetime) -> Hoje:
    """The answer of `GET /fechamento/hoje`."""
    session, running, closed = outlook.today.session, outlook.today.running, outlook.closed
    window, simulated = outlook.window, outlook.window.origin is Origin.SIMULATED
    return Hoje(
        papel=outlook.ticker,
        previsao_hoje=_forecast(outlook.today),
        ultimo_fechamento=_close(closes_before_today(outlook)[-1]),
        fechamento_hoje=_close(Close(session, closed)) if closed is not None else None,
        preco_do_momento=_running(running) if running else None,
        pregoes_faltando=tuple(day for day in window.missing if day < session),
        fechamentos_guardados_em=_local(window.kept_at) if window.kept_at else None,
        simulado=simulated,
        aviso=rest.notice(simulated=simulated),
        modelo=_model(outlook.model),
        gerado_em=_local(made_at),
    )


def coming(outlook: Outlook, made_at: datetime) -> Proximos:
    """The answer of `GET /fechamento/proximos`."""
    window, simulated = outlook.window, outlook.window.origin is Origin.SIMULATED
    return Proximos(
        papel=outlook.ticker,
        previsoes_proximos_5_dias=tuple(map(_forecast, outlook.coming)),
        ultimo_fechamento=_close(known_closes(outlook)[-1]),
        pregoes_faltando=window.missing,
        fechamentos_guardados_em=_local(window.kept_at) if window.kept_at else None,
        simulado=simulated,
        aviso=rest.notice(simulated=simulated),
        modelo=_model(outlook.model),
        gerado_em=_local(made_at),
    )


def scores(board: scoreboard.Placar) -> Placar:
    """The answer of `GET /placar`."""
    return Placar(board.papel, tuple(map(_span, board.janelas)), _local(board.atualizado_em))


def centavos(price: float) -> float:
    """A price in whole centavos, halves rounded up: the number that the chat shows."""
    return _rounded(price, CENTAVOS)


def _rounded(value: float, decimals: int) -> float:
    # From the digits that people see: 0.285 is a half although its binary form lies below it.
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _forecast(forecast: Forecast) -> Previsao:
    return Previsao(
        sessao=forecast.session,
        predicted_price=centavos(forecast.expected),
        minimo_80=centavos(forecast.low80),
        maximo_80=centavos(forecast.high80),
        minimo_95=centavos(forecast.low95),
        maximo_95=centavos(forecast.high95),
    )


def _close(close: Close) -> Fechamento:
    return Fechamento(close.session, centavos(close.price))


def _running(price: RunningPrice) -> PrecoDoMomento:
    return PrecoDoMomento(centavos(price.price), _local(price.at))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SAO_PAULO)


def _model(model: Model) -> Modelo:
    return Modelo(model.name, model.version, model.sha256)


def _span(found: scoreboard.Janela) -> Janela:
    return Janela(
        janela=found.janela,
        pregoes=found.pregoes,
        previsoes=found.previsoes,
        mae=_maybe(found.mae),
        mae_ingenua=_maybe(found.mae_ingenua),
        mape=_maybe(found.mape),
        mape_ingenua=_maybe(found.mape_ingenua),
        cobertura_80=_maybe(found.cobertura_80),
        direcao=_direction(found.direcao) if found.direcao else None,
        replay=found.replay,
    )


def _direction(found: scoreboard.Direcao) -> Direcao:
    low, high = _rounded(found.minimo_95, FRACTION), _rounded(found.maximo_95, FRACTION)
    return Direcao(found.acertos, found.total, low, high)


def _maybe(value: float | None) -> float | None:
    return None if value is None else _rounded(value, FRACTION)
