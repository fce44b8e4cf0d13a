"""The scoreboard on the page: errors of the bot beside those of repeating the previous close."""

from bot.domain.board import Board
from bot.domain.figures import Figures
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.page.shell import unbroken
from bot.wording.scoreboard import AWAY, caption

TITLE = "Placar"
ALL = "de todos os papéis"
EMPTY = "Nenhum pregão conferido ainda."


def scores(board: Board | None) -> str:
    """The section of the scoreboard; None while the database is away."""
    if board is None:
        return _section("", f"<p>{AWAY}</p>")
    about = f"de {shown(board.ticker)}" if board.ticker else ALL
    return _section(about, _table(board) if board.tallies else f"<p>{_empty(board)}</p>")


def _section(about: str, told: str) -> str:
    return f'<section class="scores"><h2>{TITLE} <span>{about}</span></h2>{told}</section>'


def _empty(board: Board) -> str:
    if board.due is None or board.due <= board.read_at or not board.awaited:
        return EMPTY
    return f"{EMPTY} O primeiro resultado sai {numbers.day_and_clock(board.due)}."


def _table(board: Board) -> str:
    windows = board.windows
    rows = "".join(map(_row, windows))
    # The chat's lines after the errors and the band, before the disclaimer.
    remarks = caption(board).split("\n")[3 + len(windows) : -1]
    told = "".join(f"<p>{unbroken(remark)}</p>" for remark in remarks)
    return (
        '<table><thead><tr><th scope="col">Pregões</th><th scope="col">Erro médio</th>'
        '<th scope="col">Repetir o anterior</th><th scope="col">Na faixa de 80 %</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{told}"
    )


def _row(found: Figures) -> str:
    return (
        f'<tr><th scope="row">{numbers.decimal(found.sessions, 0)}</th>'
        f"<td><b>{numbers.percent(found.mape)}</b></td>"
        f"<td>{numbers.percent(found.naive_mape)}</td>"
        f"<td>{numbers.decimal(found.inside80, 0)} de {numbers.decimal(found.count, 0)}</td></tr>"
    )
