"""The scoreboard as it is asked for: by /placar, by `GET /placar`, and in passing by /hoje.

    TrackRecord ──tallies, once──▶ Board in memory ──▶ figures │ published() │ caution()

A board stays in memory for a quarter of an hour, and is read again after a settling that found
something.  /hoje asks `caution()`, which answers from memory alone and reads behind the answer's
back what it did not know: nobody waits for the database there.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.board import Board
from bot.domain.figures import SPANS, Direction, Figures, worse_than_naive
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.errors import StorageUnavailable
from bot.flow.record.settling import Settler
from bot.ports.forecasting import Clock
from bot.ports.records import TrackRecord
from bot.single_flight import SingleFlight

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=15)
"""Another process may settle too; this is how soon its outcomes are seen here."""

MOST_KEPT = 512
"""Boards in memory; more than the shares that people ask about on one day."""


class Scoreboard:
    """Boards, read once and kept; belongs to one event loop."""

    def __init__(self, record: TrackRecord, sessions: Sessions, clock: Clock) -> None:
        self._record = record
        self._sessions = sessions
        self._clock = clock
        self._boards: OrderedDict[Ticker | None, Board] = OrderedDict()
        self._reading: SingleFlight[Board] = SingleFlight()
        self._behind: set[asyncio.Task[None]] = set()

    async def board(self, ticker: Ticker | None) -> Board:
        """The board of a share, or of all shares together.

        Raises:
            StorageUnavailable: it is not in memory, and the database did not answer.
        """
        kept = self._boards.get(ticker)
        # What is still empty may have been asked for a moment before the first forecast.
        if kept is not None and kept.tallies and self._is_fresh(kept):
            return kept
        return await self._read(ticker)

    def caution(self, ticker: Ticker) -> Figures | None:
        """The last 60 sessions, if they have to be owned up to: worse than the naive forecast.

        Answers from memory, at once; what is not there or old is read in the background.
        """
        kept = self._boards.get(ticker)
        if kept is None or not self._is_fresh(kept):
            task = asyncio.create_task(self._read_behind(ticker))
            self._behind.add(task)
            task.add_done_callback(self._behind.discard)
        return worse_than_naive(kept.tallies) if kept else None

    async def settle(self, settler: Settler) -> int:
        """Settle what is final and, if that changed anything, read every board in memory again.

        Returns:
            How many outcomes are new.

        Raises:
            StorageUnavailable: the database did not answer; what was not written waits.
        """
        new = await settler.settle()
        for ticker in list(self._boards) if new else ():
            await self._read_behind(ticker)
        return new

    async def settled_down(self) -> None:
        """Wait for what is being read in the background."""
        while self._behind:
            await asyncio.wait(self._behind)

    def _is_fresh(self, board: Board) -> bool:
        return board.read_at <= self._clock() < board.read_at + FRESH

    async def _read_behind(self, ticker: Ticker | None) -> None:
        try:
            await self._read(ticker)
        except StorageUnavailable as error:
            log.warning("scoreboard not read", extra={"ticker": ticker, "error": repr(error)})

    async def _read(self, ticker: Ticker | None) -> Board:
        return await self._reading.ask(ticker, lambda: self._fetch(ticker))

    async def _fetch(self, ticker: Ticker | None) -> Board:
        now = self._clock()
        tallies = tuple(await self._record.tallies(ticker, SPANS[-1]))
        board = Board(ticker, tallies, now) if tallies else await self._empty(ticker, now)
        self._boards[ticker] = board
        self._boards.move_to_end(ticker)
        if len(self._boards) > MOST_KEPT:
            self._boards.popitem(last=False)
        return board

    async def _empty(self, ticker: Ticker | None, now: datetime) -> Board:
        """When the first outcome can come: of what is on record, or of what can still be."""
        today = self._sessions.today(now)
        waiting = [
            forecast.session
            for forecast in await self._record.unsettled(today)
            if ticker in {None, forecast.ticker}
        ]
        if waiting:
            return Board(ticker, (), now, self._sessions.final(max(waiting)), awaited=True)
        open_yet = now < self._sessions.close(today)
        session = today if open_yet else self._sessions.after(today, 1)[0]
        return Board(ticker, (), now, self._sessions.final(session))


@dataclass(frozen=True, slots=True)
class Direcao:
    """`direcao` of `GET /placar`: hits among forecasts that pointed up or down, Wilson's 95 %."""

    acertos: int
    total: int
    minimo_95: float
    maximo_95: float


@dataclass(frozen=True, slots=True)
class Janela:
    """One entry of `janelas`: the figures of the last sessions; None where there are none yet.

    Attributes:
        janela: sessions asked for: 5, 20, 60 or 250.
        pregoes: sessions found, at most that many.
        previsoes: forecasts in them.
        mae, mae_ingenua: mean absolute errors in reais; None over several shares.
        mape, mape_ingenua: mean absolute errors as fractions of the close.
        cobertura_80: part of the closes inside the 80 % band.
        direcao: None when no forecast pointed up or down.
        replay: sessions with forecasts made by replay.
    """

    janela: int
    pregoes: int = 0
    previsoes: int = 0
    mae: float | None = None
    mae_ingenua: float | None = None
    mape: float | None = None
    mape_ingenua: float | None = None
    cobertura_80: float | None = None
    direcao: Direcao | None = None
    replay: int = 0


@dataclass(frozen=True, slots=True)
class Placar:
    """What `GET /placar` answers; `papel` is None for all shares together.

    Field names are the keys that integrators read, always four `janelas`, shortest first.
    """

    papel: str | None
    janelas: tuple[Janela, ...]
    atualizado_em: datetime


def published(board: Board) -> Placar:
    """The board as `GET /placar` answers it."""
    return Placar(
        papel=board.ticker,
        janelas=tuple(_window(span, board.over(span)) for span in SPANS),
        atualizado_em=board.read_at,
    )


def _window(span: int, found: Figures | None) -> Janela:
    if found is None:
        return Janela(span)
    return Janela(
        janela=span,
        pregoes=found.sessions,
        previsoes=found.count,
        mae=found.mae,
        mae_ingenua=found.naive_mae,
        mape=found.mape,
        mape_ingenua=found.naive_mape,
        cobertura_80=found.coverage80,
        direcao=_published_direction(found.direction),
        replay=found.replayed,
    )


def _published_direction(found: Direction | None) -> Direcao | None:
    if found is None:
        return None
    return Direcao(found.hits, found.total, found.low95, found.high95)
