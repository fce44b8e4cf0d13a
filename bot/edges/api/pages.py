"""`GET /`: the page for people; its refusals are pages too, under the true status."""

from fastapi import APIRouter, Request, Response

from bot.domain.board import Board
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker, shown
from bot.edges.api.freshness import MINUTE, stands_until
from bot.edges.api.kept_answers import Draft, KeptAnswers
from bot.edges.api.parts import Parts
from bot.edges.api.replies import reply
from bot.edges.api.screens import HTML, Screens
from bot.errors import StorageUnavailable
from bot.wording.page.page import foot, page
from bot.wording.page.shell import Frame


def router(parts: Parts, kept: KeptAnswers, screens: Screens) -> APIRouter:
    """The route of the page; not documented, as programs have routes of their own."""
    route = APIRouter(include_in_schema=False)

    @route.get("/")
    async def visit(request: Request, papel: str = "") -> Response:
        ticker = parts.ticker(papel.strip() or parts.default_ticker)
        answer = await kept.ask(("page", ticker), lambda: _draft(parts, ticker, screens))
        return reply(request, answer, parts.clock(), HTML, screens.headers)

    return route


async def _draft(parts: Parts, ticker: Ticker, screens: Screens) -> Draft:
    now = parts.clock()
    outlook = await parts.outlook(ticker)
    board = await _board(parts, ticker)
    told = page(outlook, board, _frame(parts, outlook, screens))
    until = min(stands_until(outlook, parts.sessions, now), now + MINUTE)
    return Draft(lambda _made_at: told.encode(), bytes, until)


def _frame(parts: Parts, outlook: Outlook, screens: Screens) -> Frame:
    chat = parts.chat(outlook.ticker)
    return Frame(screens.style, parts.served, shown(outlook.ticker), chat, foot(outlook))


async def _board(parts: Parts, ticker: Ticker) -> Board | None:
    """The share's board, or all shares' while it has no outcome; None without the database."""
    try:
        board = await parts.scoreboard(ticker)
        return board if board.tallies else await parts.scoreboard(None)
    except StorageUnavailable:
        return None
