"""What `make bench` runs, in its order, and how large: quarter of an hour, or the long form."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from tests.bench import (
    alarms,
    bot,
    broadcast,
    ceiling,
    endpoint,
    faults,
    fuzz,
    inference,
    killing,
    opening,
    reference,
    replicas,
    rest,
    scale_chats,
    scale_scoreboard,
    scale_shares,
    scale_subscribers,
    scoreboard,
    sizes,
    slots,
    sns,
    soak,
    starting,
)
from tests.bench.curves import Curve
from tests.bench.rows import Row

CLOSES = Path(__file__).parents[3] / "shared" / "closes"
"""Daily files, beside the repository; without them nothing is measured on closes."""
UNSEEN_AFTER = date(2023, 6, 30)
"""What the artifact for comparisons was trained until."""

Found = tuple[Sequence[Row], Sequence[Curve]]


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of the report.

    Attributes:
        name: by which it is chosen on the command line.
        title: in the report.
        measure: gives its figures and curves; the argument asks for the long form.
    """

    name: str
    title: str
    measure: Callable[[bool], Found]


def _rows(measure: Callable[[bool], Iterable[Row]]) -> Callable[[bool], Found]:
    return lambda full: (list(measure(full)), ())


def _curves(measure: Callable[[bool], list[Curve]]) -> Callable[[bool], Found]:
    def found(full: bool) -> Found:  # noqa: FBT001, as all measures have it
        curves = measure(full)
        return list(chain.from_iterable(curve.rows() for curve in curves)), curves

    return found


def _on_closes(measure: Callable[[], list[Row]]) -> list[Row]:
    return measure() if CLOSES.is_dir() else []


SECTIONS: Sequence[Section] = (
    Section("reference", "Beside the reference design", _rows(lambda _: reference.rows())),
    Section(
        "ceiling",
        "Beside a bare echo bot of python-telegram-bot",
        _rows(lambda full: ceiling.rows(9 if full else 3)),
    ),
    Section("inference", "The model, beside other engines", _rows(lambda _: inference.rows())),
    Section("endpoint", "The serving process", _rows(lambda _: endpoint.rows())),
    Section("bot", "A newcomer's bot", _rows(lambda _: bot.rows())),
    Section("starting", "Start of the bot alone", _rows(lambda _: starting.rows())),
    Section("sizes", "Installed size", _rows(lambda _: sizes.rows())),
    Section("rest", "REST", _rows(lambda _: rest.rows())),
    Section(
        "subscribers",
        "Scale: subscribers",
        _curves(lambda _: scale_subscribers.curves()),
    ),
    Section("shares", "Scale: shares", _curves(lambda _: scale_shares.curves())),
    Section("outcomes", "Scale: the scoreboard", _curves(lambda _: scale_scoreboard.curves())),
    Section("chats", "Scale: chats that ask at once", _curves(lambda _: scale_chats.curves())),
    Section(
        "slots",
        "One slot of many, SQLite and PostgreSQL",
        _rows(lambda _: slots.rows()),
    ),
    Section(
        "replay",
        "Replay of a year of real files",
        _rows(lambda _: _on_closes(lambda: scoreboard.replay_rows(CLOSES))),
    ),
    Section(
        "opening",
        "The forecast at the moment of the open",
        _rows(lambda _: _on_closes(lambda: opening.rows(CLOSES, UNSEEN_AFTER))),
    ),
    Section(
        "broadcast",
        "A broadcast, and who waits for it",
        _rows(lambda full: broadcast.rows(10_000 if full else 600)),
    ),
    Section(
        "killing",
        "Killed in the middle of a broadcast",
        _rows(lambda full: killing.rows() if full else killing.rows(4, 200)),
    ),
    Section(
        "replicas",
        "The death of the sending replica",
        _rows(lambda full: replicas.rows() if full else replicas.rows(2)),
    ),
    Section(
        "faults",
        "Single faults in the middle of a broadcast",
        _rows(lambda full: faults.rows() if full else faults.rows(40)),
    ),
    Section(
        "alarms",
        "Killed between SNS and the chat",
        _rows(lambda full: alarms.rows() if full else alarms.rows(60, 4)),
    ),
    Section("sns", "Signatures of SNS", _rows(lambda _: sns.rows())),
    Section(
        "soak",
        "Soak",
        _rows(lambda full: soak.rows(200_000 if full else 10_000)),
    ),
    Section("fuzz", "Fuzz", _rows(lambda full: fuzz.rows(1_000_000 if full else 10_000))),
)
