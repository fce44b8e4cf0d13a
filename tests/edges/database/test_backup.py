"""Everything as one file, and back: between both databases, while the bot runs; what is refused."""

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from bot.domain.forecast import Model
from bot.domain.outbox import Button, Content, Kind, NotSent, Occasion, Result, Sent
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.edges.database.backup import backup, restore
from bot.edges.database.engines import sqlite_engine
from bot.edges.database.errors import (
    BackupNotWritten,
    DatabaseInUse,
    DatabaseNotEmpty,
    DatabaseTooNew,
    NoBackup,
    NothingKept,
)
from bot.edges.database.lease import lease
from bot.edges.database.migrating import HEAD, migrate, rebuilding, revisions
from bot.edges.database.opening import FILE, Database, open_database
from bot.edges.database.tables import METADATA, chats
from tests.alarm_guard import arrived, guard
from tests.records import BOTH, SQLITE, bare_database, records_of

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 12, 0, 0, 250_000, tzinfo=UTC)
TODAY = NOW.date()
ITUB4 = Ticker("ITUB4.SA")
TEXT = Content("<b>ITUB4</b> — R$ 36,12 📉", ((Button("Gráfico", data="hoje:ITUB4"),),))


@pytest.fixture(params=BOTH)
def elsewhere(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Another database without tables, to put the backup into."""
    if request.param == SQLITE:
        yield None
        return
    with bare_database(request.getfixturevalue("postgresql")) as address:
        yield address


async def live(database: Database) -> None:
    """Let something be in every table, in several states."""
    records = records_of(database)
    for chat, silent in ((1, False), (2**51, True), (-(2**51), False)):
        wanted = Subscription(Place(chat, 7), ITUB4, time(23, 59), silent)
        await records.subscriptions.add(ChatKind.SUPERGROUP, [wanted], NOW)
    await records.subscriptions.closed(1, NOW)
    await records.outbox.fill(
        time(23, 59), TODAY, {ITUB4: TEXT}, now=NOW, expires=NOW + timedelta(hours=4)
    )
    first, second = await records.outbox.due(NOW, 2)
    again = Result(second, NotSent("away"), NOW + timedelta(seconds=1.5))
    await records.outbox.advance([Result(first, Sent(7)), again], [], NOW)
    await records.track_record.record([SAID])
    await records.track_record.settle([Outcome(SAID, 36.4, 0.5, NOW, 1)])
    await records.file_ids.keep("ab12", "AgACAgEAAx", NOW)
    judge = guard().judge_at(NOW)
    await records.alarms.take([arrived("cpu")], judge, NOW)
    alarm = (await records.outbox.due(NOW, 1))[0]
    await records.outbox.advance([Result(alarm, Sent(8))], [], NOW)


SAID = Recorded(
    ITUB4, TODAY, NOW, 36.1 + 0.02, 35.4, 36.9, 34.8, 37.45, 36.05,
    date(2026, 7, 28), Model("lstm", "2026.07", "ab" * 32), Made.REPLAY,
)  # fmt: skip


async def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables, as the code reads them."""
    return {
        name: await database.read(
            lambda connection, table=table: sorted(  # type: ignore[misc]
                map(tuple, connection.execute(select(table))), key=repr
            )
        )
        for name, table in METADATA.tables.items()
    }


async def test_everything_comes_back(
    database: Database, address: str | None, elsewhere: str | None, tmp_path: Path
) -> None:
    """To the last digit and microsecond, from either database into either."""
    await live(database)
    file, folder, told = tmp_path / "backup.db", tmp_path / "elsewhere", list[int]()
    written = backup(address, tmp_path, file)
    put_back = restore(file, elsewhere, folder, told=told.append)
    before = await everything(database)

    assert written == put_back == {name: len(rows) for name, rows in before.items()}
    assert sum(told) == sum(written.values())
    assert min(written.values()) >= 1
    with closing(open_database(elsewhere, folder)) as other:
        assert await everything(other) == before


async def test_life_goes_on_after_a_restoration(
    database: Database, address: str | None, elsewhere: str | None, tmp_path: Path
) -> None:
    """New rows are numbered after the old ones, and what waited is sent."""
    await live(database)
    file, folder = tmp_path / "backup.db", tmp_path / "elsewhere"
    backup(address, tmp_path, file)
    restore(file, elsewhere, folder)
    with closing(open_database(elsewhere, folder)) as other:
        outbox = records_of(other).outbox
        occasion = Occasion(Kind.ALARM, "a", TODAY)
        await outbox.put([Place(-900)], occasion, Content("p99"), now=NOW)
        alarm, waiting = await outbox.due(NOW + timedelta(seconds=2), 10)

        assert (alarm.content, waiting.content, waiting.tries) == (Content("p99"), TEXT, 1)
        assert alarm.id > waiting.id


async def test_the_bot_may_go_on_writing(
    database: Database, address: str | None, tmp_path: Path
) -> None:
    """A backup shows one moment: of two shares subscribed together, both or none."""
    going = True

    async def go_on() -> int:
        chat = 0
        while going:
            chat += 1
            pair = [Subscription(Place(chat), share, time(9)) for share in (ITUB4, "PETR4.SA")]  # type: ignore[arg-type]
            await records_of(database).subscriptions.add(ChatKind.PRIVATE, pair, NOW)
        return chat

    writing = asyncio.create_task(go_on())
    counts = [
        await asyncio.to_thread(backup, address, tmp_path, tmp_path / f"{number}.db")
        for number in range(3)
    ]
    going = False

    assert [count["subscriptions"] for count in counts] == [2 * count["chats"] for count in counts]
    assert counts[-1]["chats"] <= await writing


def test_a_backup_is_one_file_for_its_owner(tmp_path: Path) -> None:
    """Nothing stands beside it, and it tells who reads the bot."""
    open_database(None, tmp_path / "data").close()
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(None, tmp_path / "data", folder / "b.db")

    assert [path.name for path in folder.iterdir()] == ["b.db"]
    assert stat.S_IMODE((folder / "b.db").stat().st_mode) == 0o600


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    """A mistyped DATA_DIR must not end in an empty backup that looks good."""
    with pytest.raises(NothingKept):
        backup(None, tmp_path / "dta", tmp_path / "b.db")

    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_no_database(bare_address: str | None, tmp_path: Path) -> None:
    """The same for a mistyped name on PostgreSQL."""
    (tmp_path / FILE).touch()
    with pytest.raises(NothingKept):
        backup(bare_address, tmp_path, tmp_path / "b.db")

    assert not (tmp_path / "b.db").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the path, before anything is read."""
    open_database(None, tmp_path).close()
    with pytest.raises(BackupNotWritten, match=r"nowhere/b\.db cannot be written \(No such file"):
        backup(None, tmp_path, tmp_path / "nowhere" / "b.db")


async def test_a_failing_backup_leaves_the_last_one(
    database: Database, address: str | None, tmp_path: Path
) -> None:
    """Yesterday's is better than half of today's."""
    (tmp_path / "b.db").write_text("yesterday")
    called = text("UPDATE alembic_version SET version_num = :name")
    await database.write(lambda connection: connection.execute(called, {"name": "alarms"}).rowcount)
    with pytest.raises(DatabaseTooNew):
        backup(address, tmp_path, tmp_path / "b.db")
    await database.write(lambda connection: connection.execute(called, {"name": HEAD}).rowcount)

    assert (tmp_path / "b.db").read_text() == "yesterday"


async def test_a_database_that_is_not_empty_is_left_alone(
    bare_address: str | None, tmp_path: Path
) -> None:
    """Unless somebody says that it may be lost; then nothing of it is left."""
    open_database(None, tmp_path / "empty").close()
    backup(None, tmp_path / "empty", tmp_path / "empty.db")
    with closing(open_database(bare_address, tmp_path)) as database:
        await live(database)
    with pytest.raises(DatabaseNotEmpty):
        restore(tmp_path / "empty.db", bare_address, tmp_path)
    backup(bare_address, tmp_path, tmp_path / "full.db")
    replaced = restore(tmp_path / "empty.db", bare_address, tmp_path, replace=True)
    assert set(replaced.values()) == {0}

    restore(tmp_path / "full.db", bare_address, tmp_path)
    with closing(open_database(bare_address, tmp_path)) as database:
        assert min(map(len, (await everything(database)).values())) >= 1


async def test_nothing_is_restored_under_a_running_bot(
    bare_address: str | None, tmp_path: Path
) -> None:
    """It would go on with what it has in mind; on PostgreSQL the lease tells."""
    with closing(open_database(bare_address, tmp_path)) as database:
        await live(database)
        backup(bare_address, tmp_path, tmp_path / "b.db")
        mine = lease(database)
        await mine.hold()
        with pytest.raises(DatabaseInUse):
            restore(tmp_path / "b.db", bare_address, tmp_path, replace=True)
        await mine.release()


@pytest.mark.parametrize("content", [None, b"", b"SQLite format 3\0 or not", b"hello" * 1000])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes | None) -> None:
    """A mistyped name, a text, half a download; no database is made of it."""
    file = tmp_path / "b.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NoBackup, match=r"b\.db is no backup"):
        restore(file, None, tmp_path / "data")

    assert not (tmp_path / "data").exists()


async def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    """Before the database that is to be replaced is touched."""
    with closing(open_database(None, tmp_path)) as database:
        await live(database)
    file = tmp_path / "b.db"
    backup(None, tmp_path, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xff" * (len(whole) - len(whole) // 2))
    with pytest.raises(NoBackup):
        restore(file, None, tmp_path, replace=True)


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """An older bot does not know what it means."""
    open_database(None, tmp_path).close()
    file = tmp_path / "b.db"
    backup(None, tmp_path, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'alarms_by_topic'")
    with pytest.raises(DatabaseTooNew):
        restore(file, None, tmp_path)


@pytest.mark.parametrize("revision", revisions())
async def test_a_backup_of_an_older_version_is_brought_up(
    bare_address: str | None, tmp_path: Path, revision: str
) -> None:
    """A backup is good for as long as there are versions."""
    (tmp_path / "old").mkdir()
    engine = sqlite_engine(tmp_path / "old" / FILE, rebuilding=True)
    with rebuilding(engine) as connection:
        migrate(connection, revision)
        connection.execute(insert(chats), {"id": 1, "kind": ChatKind.PRIVATE, "active": True})
    backup(None, tmp_path / "old", tmp_path / "b.db")
    restore(tmp_path / "b.db", bare_address, tmp_path)
    with closing(open_database(bare_address, tmp_path)) as database:
        assert await everything(database) == {
            **{name: [] for name in METADATA.tables},
            "chats": [(1, ChatKind.PRIVATE, True, None)],
        }
