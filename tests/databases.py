"""Fixtures of databases; a test module asks for them with `pytest_plugins`, and imports nothing.

`records` is the fake and both databases in turn, `database` the two real ones, fresh and migrated.
PostgreSQL is started once by each process of the test run, when a test first needs it.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.edges.database.opening import FILE, Database, open_database
from tests.postgresql_server import Server, running_postgresql
from tests.records import (
    BOTH,
    IMPATIENT,
    SQLITE,
    Records,
    bare_database,
    emptied_database,
    prepare,
    records_in_memory,
    records_of,
)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL."""
    with running_postgresql() as server:
        prepare(server)
        yield server


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to copy from."""
    directory = tmp_path_factory.mktemp("migrated")
    open_database(None, directory).close()
    return directory / FILE


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """What `DATABASE_URL` says of a migrated database without a row: nothing, or PostgreSQL's."""
    return _address(request, tmp_path)


def _address(request: pytest.FixtureRequest, directory: Path) -> str | None:
    if request.param == SQLITE:
        shutil.copy(request.getfixturevalue("sqlite_file"), directory / FILE)
        return None
    return emptied_database(request.getfixturevalue("postgresql"))


@pytest.fixture(params=BOTH)
def bare_address(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The same without any table."""
    if request.param == SQLITE:
        yield None
        return
    with bare_database(request.getfixturevalue("postgresql")) as address:
        yield address


@pytest.fixture
def database(address: str | None, tmp_path: Path) -> Iterator[Database]:
    """An open database, which does not wait long for locks."""
    with closing(open_database(address, tmp_path, busy_seconds=IMPATIENT)) as database:
        yield database


@pytest.fixture(params=["fake", *BOTH])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """The fakes, and both databases: what is tested with the fakes is true of the real ones."""
    if request.param == "fake":
        yield records_in_memory()
        return
    address = _address(request, tmp_path)
    with closing(open_database(address, tmp_path, busy_seconds=IMPATIENT)) as database:
        yield records_of(database)
