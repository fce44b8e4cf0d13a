"""Pictures that Telegram has already: `bot.ports.records.FileIds`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.edges.database.opening import Database
from bot.edges.database.tables import file_ids
from bot.edges.database.upserts import insert_into

ASKED_FOR_WITHIN = timedelta(days=30)
"""A picture shows a day's forecast; after a month nobody asks for it, and it is forgotten."""


@dataclass(frozen=True, slots=True)
class KeptFileIds:
    """Fulfils `FileIds` on a database."""

    database: Database

    async def find(self, picture: str) -> str | None:
        """The `file_id` of a picture, by the name that its content gives it."""
        wanted = select(file_ids.c.file_id).where(file_ids.c.picture == picture)
        return await self.database.read(lambda connection: connection.scalar(wanted))

    async def keep(self, picture: str, file_id: str, now: datetime) -> None:
        """Remember a `file_id`, and forget those that nobody asks for any more."""
        await self.database.write(lambda connection: _keep(connection, picture, file_id, now))

    async def forget(self, picture: str) -> None:
        """Telegram does not know that `file_id` any more."""
        gone = delete(file_ids).where(file_ids.c.picture == picture)
        await self.database.write(lambda connection: connection.execute(gone).rowcount)


def _keep(connection: Connection, picture: str, file_id: str, now: datetime) -> None:
    connection.execute(delete(file_ids).where(file_ids.c.kept_at < now - ASKED_FOR_WITHIN))
    known = {"file_id": file_id, "kept_at": now}
    kept = insert_into(connection, file_ids).values(picture=picture, **known)
    connection.execute(kept.on_conflict_do_update(index_elements=["picture"], set_=known))
