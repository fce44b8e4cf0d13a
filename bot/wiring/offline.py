"""Commands that work on what is kept while nobody is answered: backup, restore, replay."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.edges import b3_calendar
from bot.edges.csv_closes import CsvCloses
from bot.edges.database.backup import backup, restore
from bot.edges.local_processes import StandIns
from bot.edges.replay_terminal import played, shares_in
from bot.errors import CannotGoOn
from bot.flow.record.replay import Replay
from bot.ports.forecasting import Clock
from bot.settings import Settings
from bot.wiring.records import address_of, opened
from bot.wiring.sources import sagemaker


class NoShares(CannotGoOn):
    """A folder has no file of any share."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{directory} has no file like ITUB4.SA.csv")


def save(settings: Settings, file: Path) -> int:
    """Write everything that is kept to `file`, also while the bot runs; gives how many rows.

    Raises:
        DatabaseUnusable: with a sentence that says what to change.
        StorageUnavailable: the database or the disk did not do it.
    """
    return sum(backup(address_of(settings), settings.data_dir, file).values())


def put_back(settings: Settings, file: Path, *, replace: bool) -> int:
    """Put what `save` wrote into the database; gives how many rows.

    Raises:
        DatabaseUnusable: with a sentence that says what to change; nothing was changed.
        StorageUnavailable: the database or the disk did not do it; nothing was changed.
    """
    return sum(restore(file, address_of(settings), settings.data_dir, replace=replace).values())


def replay(settings: Settings, now: Clock, directory: Path, period: tuple[date, date]) -> int:
    """Fill the scoreboard with history; gives the process's exit code.

    Raises:
        NoShares: the folder has nothing to play.
        ProcessNotReady: the model could not be served.
        DatabaseUnusable: with a sentence that says what to change.
        DatabaseAway: the database does not answer.
    """
    shares, sessions = shares_in(directory), b3_calendar.load()
    if not shares:
        raise NoShares(directory)
    artifact = None if settings.sagemaker_endpoint else settings.artifact
    with ExitStack() as running:
        stand_ins = StandIns.start(artifact, None, running)
        records = running.enter_context(opened(settings, sessions))
        endpoint = sagemaker(settings, stand_ins.urls()[1])
        play = Replay(CsvCloses(directory), endpoint, records.track_record, sessions, now)
        return played(play, shares, period, Console(stderr=True))
