"""How large the bot is: its process, and its tables with the rule that bounds each."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

KEPT_FOR: Mapping[str, str] = {
    "chats": "while something is subscribed there",
    "subscriptions": "until cancelled; 20 to a chat at most",
    "contents": "while an item of the outbox refers to it",
    "outbox": "90 days after its end",
    "broadcasts": "90 days, while it has items",
    "forecasts": "for ever: one a session and share, the scoreboard's evidence",
    "outcomes": "for ever, as forecasts",
    "file_ids": "30 days",
    "alarms": "by the alarms' own rule",
    "postings": "with their alarms",
    "posting_alarms": "with their alarms",
}
"""What bounds each table; a test holds it to the tables that there are."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the bot is at a moment.

    Attributes:
        updates: how many there have been.
        memory: resident, in megabytes.
        files, sockets, threads: open ones.
    """

    updates: int
    memory: float
    files: int
    sockets: int
    threads: int

    @classmethod
    def of(cls, pid: int, updates: int) -> "Size":
        """That of a process."""
        folder = Path(f"/proc/{pid}")
        lines = (folder / "status").read_text(encoding="ascii").splitlines()
        status = dict(line.split(":", 1) for line in lines)
        opened = [_target(link) for link in (folder / "fd").iterdir()]
        sockets = sum(name.startswith("socket:") for name in opened)
        memory = int(status["VmRSS"].split()[0]) / 1024
        return cls(updates, memory, len(opened) - sockets, sockets, int(status["Threads"]))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # closed since
        return ""


def counted(file: Path) -> dict[str, int]:
    """How many rows each table of a SQLite file has."""
    with closing(sqlite3.connect(file)) as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- our own names
            for table in KEPT_FOR
        }
