"""What keeps a database from being opened, copied or put back; each is one sentence for a person.

Once open, the only error is `bot.errors.StorageUnavailable`.
"""

from pathlib import Path

from bot.errors import CannotGoOn


class DatabaseUnusable(CannotGoOn):
    """Base: the database cannot be used as asked; somebody has to change something."""


class AddressUnknown(DatabaseUnusable):
    """DATABASE_URL names no database that this bot can use."""

    def __init__(self) -> None:  # without the address: it may hold a password
        super().__init__("DATABASE_URL: postgresql://user:password@host/name expected, or nothing")


class DirectoryUnusable(DatabaseUnusable):
    """No file can be made where SQLite's is to be.

    Attributes:
        directory: as the settings name it.
    """

    def __init__(self, directory: Path, error: OSError) -> None:
        super().__init__(f"DATA_DIR: {directory} cannot be written to ({error.strerror})")
        self.directory = directory


class DatabaseInUse(DatabaseUnusable):
    """Another process has the database, which takes no second one."""

    def __init__(self) -> None:
        super().__init__("another process of the bot uses this database: stop it first")


class DatabaseTooNew(DatabaseUnusable):
    """A newer version of the bot has written this database or backup.

    Attributes:
        revision: what it calls its tables.
    """

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"written by a newer version of the bot (tables of {revision!r}): update the bot"
        )
        self.revision = revision


class DatabaseNotEmpty(DatabaseUnusable):
    """A backup may not be put where there is something already, unless that is to be replaced."""

    def __init__(self) -> None:
        super().__init__("the database is not empty: say --replace to lose what is in it")


class NothingKept(DatabaseUnusable):
    """There is no database to make a backup of."""

    def __init__(self) -> None:
        super().__init__("there is no database yet, so there is nothing to make a backup of")


class NoBackup(DatabaseUnusable):
    """The file is not there, or it is no backup of this bot, or it is damaged.

    Attributes:
        file: its path.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is no backup of this bot, or it is damaged")
        self.file = file


class BackupNotWritten(DatabaseUnusable):
    """The file of a backup cannot be written.

    Attributes:
        file: its path.
    """

    def __init__(self, file: Path, error: OSError) -> None:
        super().__init__(f"{file} cannot be written ({error.strerror})")
        self.file = file
