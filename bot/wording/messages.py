"""Forecasts in words: the caption under a chart, for today and for the sessions after it.

    Outlook + Horizon ──caption()──▶ [SIMULADO] · heading · forecast · what it rests on · notes

Telegram HTML, at most 1024 UTF-16 units once parsed (Bot API, sendPhoto).  Each line stands on
its own, so that a glance finds it.  Every caption ends by saying that it is no advice.
"""

from bot.domain.closes import Adjustment, Origin
from bot.domain.forecast import DAYS_AHEAD, Forecast, Outlook
from bot.domain.sessions import Phase
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.about import BAND_80, DISCLAIMER
from bot.wording.buttons import Horizon
from bot.wording.known import Close, closes_before_today, known_closes
from bot.wording.markup import bold

SIMULATED = "SIMULADO · preços inventados, sem valor"

SPLIT = "desdobramento, bonificação ou cisão"
MERGER = "grupamento"

ADJUSTMENTS_SHOWN = 3
"""Corporate actions named one by one; a window with more says how many, to fit a caption."""


def caption(outlook: Outlook, horizon: Horizon, caution: str = "") -> str:
    """All that a forecast has to say, ready to be sent under its chart.

    Args:
        outlook: what is known.
        horizon: how far it is told.
        caution: what the scoreboard has to add, one line of Telegram HTML; empty for nothing.
    """
    tell = _today if horizon is Horizon.TODAY else _coming
    simulated = [bold(SIMULATED)] if outlook.window.origin is Origin.SIMULATED else []
    notes = [*_notes(outlook, horizon), *([caution] if caution else [])]
    return "\n".join((*simulated, *tell(outlook), *notes, DISCLAIMER))


def _today(outlook: Outlook) -> list[str]:
    if outlook.closed is not None:
        return _outcome(outlook, outlook.closed)
    return [
        _heading(outlook),
        _expectation(outlook.today),
        *_state(outlook),
        _last(known_closes(outlook)[-1]),
    ]


def _heading(outlook: Outlook) -> str:
    what = "próximo pregão" if outlook.phase is Phase.HOLIDAY else "fechamento de hoje"
    return f"{_name(outlook)} · {what}, {numbers.day(outlook.today.session)}"


def _expectation(forecast: Forecast) -> str:
    return f"Previsão {bold(numbers.brl(forecast.expected))} · {BAND_80}: {_span(forecast)}"


def _state(outlook: Outlook) -> list[str]:
    """What the part of the day changes."""
    running, lines = outlook.today.running, []
    if running is not None:
        lines.append(
            f"Preço às {numbers.clock(running.at)}: {numbers.brl(running.price)} — a previsão já "
            "o considera e a faixa está mais estreita."
        )
    if outlook.phase is Phase.CLOSING:
        lines.append("O pregão está terminando; o fechamento oficial sai em instantes.")
    if outlook.phase is Phase.CLOSED:
        lines.append("O fechamento de hoje ainda não chegou da fonte.")
    return lines


def _outcome(outlook: Outlook, closed: float) -> list[str]:
    """The final close of today beside what had been said of it."""
    forecast, previous = outlook.today, closes_before_today(outlook)[-1]
    inside = forecast.low80 <= closed <= forecast.high80
    missed, naive = (abs(said / closed - 1) for said in (forecast.expected, previous.price))
    said, came = numbers.brl(forecast.expected), bold(numbers.brl(closed))
    before = f"{numbers.brl(previous.price)}, {numbers.day(previous.session)}"
    return [
        _heading(outlook),
        f"Previ {said}, fechou {came}, erro {numbers.percent(missed)}",
        f"{'Dentro' if inside else 'Fora'} da {BAND_80}: {_span(forecast)}",
        f"Repetir o fechamento anterior ({before}) teria errado {numbers.percent(naive)}",
    ]


def _coming(outlook: Outlook) -> list[str]:
    if not outlook.coming:
        return [
            f"{_name(outlook)} · próximos pregões",
            "Sem previsão: o último fechamento que tenho é antigo demais para chegar até lá.",
            _last(known_closes(outlook)[-1]),
        ]
    return [
        _coming_heading(outlook),
        *(f"{_dated(forecast)} ({_span(forecast)})" for forecast in outlook.coming),
        f"Entre parênteses, a {BAND_80}.",
        *_fewer(len(outlook.coming)),
        _last(known_closes(outlook)[-1]),
    ]


def _coming_heading(outlook: Outlook) -> str:
    count = len(outlook.coming)
    what = "próximo pregão" if count == 1 else f"próximos {count} pregões"
    # With no session today, the next one to come is D+0, and these begin after it.
    beyond = f", depois de {numbers.day(outlook.today.session)}"
    return f"{_name(outlook)} · {what}{beyond if outlook.phase is Phase.HOLIDAY else ''}"


def _dated(forecast: Forecast) -> str:
    return f"{numbers.day(forecast.session)} · {bold(numbers.brl(forecast.expected))}"


def _fewer(count: int) -> list[str]:
    if count >= DAYS_AHEAD:
        return []
    reach = "só alcanço 1 pregão" if count == 1 else f"só alcanço {count} pregões"
    return [f"O último fechamento que tenho é antigo: por isso {reach} em vez de {DAYS_AHEAD}."]


def _last(close: Close) -> str:
    return f"Último fechamento {numbers.brl(close.price)} ({numbers.day(close.session)})"


def _notes(outlook: Outlook, horizon: Horizon) -> list[str]:
    """What was unusual about the closes that the forecasts start from."""
    window, notes = outlook.window, []
    if window.kept_at is not None:
        since = numbers.day_and_clock(window.kept_at)
        notes.append(f"A fonte de preços não respondeu; uso os fechamentos guardados de {since}.")
    return [*notes, *_missing(outlook, horizon), *_adjusted(window.adjustments)]


def _missing(outlook: Outlook, horizon: Horizon) -> list[str]:
    # That today's own close is not there yet is no gap in what today's forecast starts from.
    gaps = [
        numbers.day_month(session)
        for session in outlook.window.missing
        if horizon is Horizon.COMING or session < outlook.today.session
    ]
    if not gaps:
        return []
    what = "Falta na fonte o pregão" if len(gaps) == 1 else "Faltam na fonte os pregões"
    return [f"{what} de {listed(gaps)}; a previsão vale menos."]


def _adjusted(adjustments: tuple[Adjustment, ...]) -> list[str]:
    if len(adjustments) > ADJUSTMENTS_SHOWN:
        return [f"Histórico ajustado por {len(adjustments)} eventos societários."]
    # Older prices shrink when one share becomes several, and grow when several become one.
    return [
        f"Histórico ajustado por {SPLIT if found.factor < 1 else MERGER} "
        f"em {numbers.day_month(found.session)}."
        for found in adjustments
    ]


def listed(words: list[str]) -> str:
    """`a, b e c`."""
    *first, last = words
    return f"{', '.join(first)} e {last}" if first else last


def _name(outlook: Outlook) -> str:
    return bold(shown(outlook.ticker))


def _span(forecast: Forecast) -> str:
    return f"{numbers.brl(forecast.low80)} a {numbers.brl(forecast.high80)}"
