"""What was forecast and what came: `bot.ports.records.TrackRecord`.

Rows are only ever added.  Each outcome is measured once, by `bot.domain.track_record.tally`, when
it is written; the tallies of sessions are then sums of columns, however many shares there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, exists, func, select, tuple_

from bot.domain.forecast import Model
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded, Tally, tally
from bot.edges.database import tables
from bot.edges.database.opening import Database
from bot.edges.database.upserts import insert_into, inserted

_SUMMED = [one.name for one in fields(Tally) if one.name not in ("session", "count")]
AT_ONCE = 500
"""Keys in one question; each is two parameters, and SQLite takes no more than 32,766."""

LATELY = timedelta(days=366)
"""How far back an outcome is still looked for: as far as the sources of closes reach."""

_PRICES = ("expected", "low80", "high80", "low95", "high95", "last_close")


@dataclass(frozen=True, slots=True)
class KeptTrackRecord:
    """Fulfils `TrackRecord` on a database.

    Attributes:
        close: when a session closes, aware: `Sessions.close`.
    """

    database: Database
    close: Callable[[date], datetime]

    async def record(self, forecasts: Sequence[Recorded]) -> int:
        """Write forecasts; one that is there already stays as it is.  Gives how many were new.

        Raises:
            ValueError: a live forecast is written after its session's close; nothing was written.
        """
        for one in forecasts:
            if one.made is Made.LIVE and one.made_at >= self.close(one.session):
                raise ValueError(f"live forecast for {one.session} written after its close")
        rows = [_forecast_row(one) for one in forecasts]
        return await self.database.write(
            lambda connection: _add(connection, tables.forecasts, rows)
        )

    async def recorded(self, ticker: Ticker, session: date) -> Recorded | None:
        """The forecast of a share for a session, if there is one."""
        key = (tables.forecasts.c.ticker == ticker, tables.forecasts.c.session == session)
        found = await self._forecasts(select(tables.forecasts).where(*key))
        return found[0] if found else None

    async def unsettled(self, until: date) -> list[Recorded]:
        """Forecasts of the year up to `until` with no outcome yet, oldest session first."""
        settled = exists().where(
            tables.outcomes.c.ticker == tables.forecasts.c.ticker,
            tables.outcomes.c.session == tables.forecasts.c.session,
        )
        lately = tables.forecasts.c.session.between(until - LATELY, until)
        wanted = select(tables.forecasts).where(lately, ~settled)
        return await self._forecasts(
            wanted.order_by(tables.forecasts.c.session, tables.forecasts.c.ticker)
        )

    async def settle(self, outcomes: Sequence[Outcome]) -> int:
        """Write outcomes; each forecast has one of each revision.  Gives how many were new.

        Raises:
            ValueError: of a forecast that was never recorded; nothing was written.
        """
        return await self.database.write(lambda connection: _settle(connection, outcomes))

    async def outcomes(self, ticker: Ticker, last: int) -> list[Outcome]:
        """The newest revision of a share's last outcomes, oldest session first."""
        wanted = _newest(select(tables.outcomes, *_forecast_columns())).join(tables.forecasts)
        wanted = wanted.where(tables.outcomes.c.ticker == ticker)
        newest = wanted.order_by(tables.outcomes.c.session.desc()).limit(last)
        rows = await self.database.read(lambda connection: connection.execute(newest).all())
        return [_outcome(row) for row in reversed(rows)]

    async def tallies(self, ticker: Ticker | None, last: int) -> list[Tally]:
        """The last sessions with an outcome, of one share or of all, oldest first."""
        return await self.database.read(lambda connection: _tallies(connection, ticker, last))

    async def _forecasts(self, wanted: Select[Any]) -> list[Recorded]:
        return await self.database.read(
            lambda connection: [_recorded(row) for row in connection.execute(wanted)]
        )


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    new = insert_into(connection, table).on_conflict_do_nothing()
    return inserted(connection, new, rows) if rows else 0


def _settle(connection: Connection, outcomes: Sequence[Outcome]) -> int:
    """Each outcome is measured against the forecast that is kept, whatever it came with."""
    kept = _kept(connection, [_key(one.forecast) for one in outcomes])
    try:
        true = [replace(one, forecast=kept[_key(one.forecast)]) for one in outcomes]
    except KeyError:
        raise ValueError("an outcome of a forecast that was never recorded") from None
    return _add(connection, tables.outcomes, [_outcome_row(one) for one in true])


def _kept(
    connection: Connection, keys: Sequence[tuple[Ticker, date]]
) -> dict[tuple[Ticker, date], Recorded]:
    columns = tuple_(tables.forecasts.c.ticker, tables.forecasts.c.session)
    found: list[Recorded] = []
    for start in range(0, len(keys), AT_ONCE):
        wanted = select(tables.forecasts).where(columns.in_(keys[start : start + AT_ONCE]))
        found += map(_recorded, connection.execute(wanted))
    return {_key(one): one for one in found}


def _key(one: Recorded) -> tuple[Ticker, date]:
    return one.ticker, one.session


def _forecast_row(one: Recorded) -> dict[str, Any]:
    return {
        "ticker": one.ticker,
        "session": one.session,
        "made_at": one.made_at,
        **{price: getattr(one, price) for price in _PRICES},
        "last_session": one.last_session,
        "model_name": one.model.name,
        "model_version": one.model.version,
        "model_sha256": one.model.sha256,
        "made": one.made,
    }


def _outcome_row(one: Outcome) -> dict[str, Any]:
    measured = tally(one)
    return {
        "ticker": one.forecast.ticker,
        "session": one.forecast.session,
        "revision": one.revision,
        "close": one.close,
        "factor": one.factor,
        "settled_at": one.settled_at,
        **{name: getattr(measured, name) for name in _SUMMED},
    }


def _forecast_columns() -> list[Any]:
    return [column for column in tables.forecasts.c if column.name not in ("ticker", "session")]


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        ticker=Ticker(row.ticker),
        session=row.session,
        made_at=row.made_at,
        **{price: getattr(row, price) for price in _PRICES},
        last_session=row.last_session,
        model=Model(row.model_name, row.model_version, row.model_sha256),
        made=row.made,
    )


def _outcome(row: Row[Any]) -> Outcome:
    return Outcome(_recorded(row), row.close, row.factor, row.settled_at, row.revision)


def _newest(wanted: Select[Any]) -> Select[Any]:
    """Only the newest revision of each outcome."""
    later = tables.outcomes.alias("later")
    same = (
        later.c.ticker == tables.outcomes.c.ticker,
        later.c.session == tables.outcomes.c.session,
    )
    return wanted.where(~exists().where(*same, later.c.revision > tables.outcomes.c.revision))


def _tallies(connection: Connection, ticker: Ticker | None, last: int) -> list[Tally]:
    mine = [] if ticker is None else [tables.outcomes.c.ticker == ticker]
    days = select(tables.outcomes.c.session).distinct().where(*mine)
    newest = days.order_by(tables.outcomes.c.session.desc()).limit(last)
    sessions = list(connection.scalars(newest))
    if not sessions:
        return []
    sums = [func.sum(tables.outcomes.c[name]).label(name) for name in _SUMMED]
    wanted = _newest(select(tables.outcomes.c.session, func.count().label("count"), *sums))
    wanted = wanted.where(*mine, tables.outcomes.c.session >= sessions[-1]).group_by(
        tables.outcomes.c.session
    )
    rows = connection.execute(wanted.order_by(tables.outcomes.c.session))
    return [Tally(**row._asdict()) for row in rows]
