"""The page of one share: today, the chart, the five sessions after it, how good the forecasts were.

The big number is what people came for: the forecast, or the close once there is one.  Under it
stand the sentences of the chat, so that page and chat never say different things.
"""

from html import escape

from bot.domain.bars import Origin
from bot.domain.board import Board
from bot.domain.forecast import Forecast, Outlook
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.about import BAND_80, DISCLAIMER
from bot.wording.buttons import Horizon
from bot.wording.known import closes_before_today
from bot.wording.messages import SIMULATED, caption
from bot.wording.page.chart import chart
from bot.wording.page.gauge import Mark, gauge, scale
from bot.wording.page.scores import scores
from bot.wording.page.shell import Frame, shell, unbroken

KEYS = {"last": "fechamento anterior", "running": "preço do momento", "final": "fechamento"}
BRACKETS = f"Entre parênteses, a {BAND_80}."
"""What the chat says of its list; the page has a table with headings."""

LEGEND = (
    '<ul class="legend"><li class="key80">faixa de 80 %</li><li class="key95">faixa de 95 %</li>'
    '<li class="keyline">previsão</li></ul>'
)


def page(outlook: Outlook, board: Board | None, frame: Frame) -> str:
    """Everything about one share; `board` is None while the database is away."""
    simulated = outlook.window.origin is Origin.SIMULATED
    banner = f'<p class="simulated">{escape(SIMULATED)}</p>' if simulated else ""
    main = (
        f"{banner}{_today(outlook)}"
        f'<figure class="fan">{chart(outlook)}<figcaption>{LEGEND}</figcaption></figure>'
        f"{_coming(outlook)}{scores(board)}"
    )
    return shell(f"{shown(outlook.ticker)} · previsão de fechamento", main, frame)


def foot(outlook: Outlook) -> str:
    """Who forecast; the last line of the page."""
    return f"Modelo {outlook.model.title}"


def _today(outlook: Outlook) -> str:
    heading, *remarks = _said(outlook, Horizon.TODAY)
    what = heading.partition(" · ")[2]
    if outlook.closed is None:  # the first line says what the big number and the bar show
        remarks = remarks[1:]
    told = "".join(f"<p>{unbroken(remark)}</p>" for remark in remarks)
    return (
        f'<section class="today"><h1>{escape(shown(outlook.ticker))}</h1>'
        f'<p class="what">{what}</p>{_number(outlook)}{_bar(outlook)}'
        f'<div class="remarks">{told}</div></section>'
    )


def _number(outlook: Outlook) -> str:
    if outlook.closed is not None:
        label, kind, price = "Fechou", "closed", outlook.closed
    else:
        label, kind, price = "Previsão", "expected", outlook.today.expected
    return f'<p class="number {kind}"><span>{label}</span> {numbers.brl(price)}</p>'


def _bar(outlook: Outlook) -> str:
    marks, today = _marks(outlook), outlook.today
    ends = scale([today], marks)
    keys = "".join(f'<li class="key-{mark.kind}">{KEYS[mark.kind]}</li>' for mark in marks)
    return (
        f"{gauge(today, ends, marks)}"
        f'<p class="span">{_capital(BAND_80)}: <b>{_span(today)}</b></p>'
        f'<ul class="legend">{keys}</ul>'
    )


def _marks(outlook: Outlook) -> list[Mark]:
    marks = [Mark("last", closes_before_today(outlook)[-1].price)]
    if outlook.today.running is not None:
        marks.append(Mark("running", outlook.today.running.price))
    if outlook.closed is not None:
        marks.append(Mark("final", outlook.closed))
    return marks


def _coming(outlook: Outlook) -> str:
    heading, *remarks = _said(outlook, Horizon.COMING)
    already = {BRACKETS, *_said(outlook, Horizon.TODAY)}
    new = [remark for remark in remarks[len(outlook.coming) :] if remark not in already]
    told = "".join(f"<p>{unbroken(remark)}</p>" for remark in new)
    table = _table(outlook.coming) if outlook.coming else ""
    title = _capital(heading.partition(" · ")[2])
    return f'<section class="coming"><h2>{title}</h2>{table}{told}</section>'


def _table(coming: tuple[Forecast, ...]) -> str:
    ends = scale(coming)
    rows = "".join(
        f'<tr><th scope="row">{numbers.day(one.session)}</th>'
        f"<td><b>{numbers.brl(one.expected)}</b></td>"
        f'<td class="range">{numbers.decimal(one.low80, 2)} a {numbers.decimal(one.high80, 2)}</td>'
        f'<td class="bar">{gauge(one, ends)}</td></tr>'
        for one in coming
    )
    return (
        f'<table><thead><tr><th scope="col">Pregão</th><th scope="col">Previsão</th>'
        f'<th scope="col">{_capital(BAND_80)} (R$)</th><td class="bar"></td></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _said(outlook: Outlook, horizon: Horizon) -> list[str]:
    """The lines of the chat's message: heading first, without the label and the disclaimer."""
    lines = caption(outlook, horizon).split("\n")
    return [line for line in lines if line != DISCLAIMER and SIMULATED not in line]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _span(forecast: Forecast) -> str:
    return f"{numbers.brl(forecast.low80)} a {numbers.brl(forecast.high80)}"
