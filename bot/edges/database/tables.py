"""The tables as the code uses them; `migrations/` makes them, and a test holds the two together.

    chats ◀── subscriptions          contents ◀── outbox ··· broadcasts        file_ids
    forecasts ◀── outcomes           alarms ◀── posting_alarms ──▶ postings

A chat is a row only while it has subscriptions; the outbox names chats by their number alone, so
operators' chats need none.  Rows of `forecasts` and `outcomes` cannot be changed or deleted:
triggers see to it.  Prices are in the share's own currency, slots in São Paulo's time.
"""

from enum import Enum

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.domain.alarms.keeping import Form
from bot.domain.outbox import Kind
from bot.domain.places import ChatKind
from bot.domain.track_record import Made
from bot.edges.database.column_types import Moment, Plain, RowId, Slot, TelegramId, Word


class State(Enum):
    """Where an item of the outbox stands; see `bot.domain.outbox`."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    CLOSED = "closed"
    EXPIRED = "expired"


def _only_where(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that are asked for, so that it stays small for ever."""
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


METADATA = MetaData()

chats = Table(
    "chats",
    METADATA,
    Column("id", TelegramId, primary_key=True, autoincrement=False),
    Column("kind", Word(ChatKind), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("closed_at", Moment),
)

subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("chat_id", TelegramId, ForeignKey("chats.id", name="subscriptions_chat")),
    Column("thread_id", TelegramId, autoincrement=False),
    Column("ticker", String(16)),
    Column("slot", Slot, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("since", Moment, nullable=False),  # when this hour was chosen
    PrimaryKeyConstraint("chat_id", "thread_id", "ticker", name="subscriptions_pkey"),
    Index("subscriptions_slot", "slot", "chat_id"),
)

contents = Table(
    "contents",
    METADATA,
    Column("id", RowId, Identity(), primary_key=True),
    Column("kind", Word(Kind), nullable=False),
    Column("subject", Plain, nullable=False),
    Column("session", Date, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text", Plain, nullable=False),
    Column("buttons", Plain, nullable=False),
    UniqueConstraint("kind", "subject", "session", "digest", name="contents_once"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", RowId, Identity(), primary_key=True),
    Column("chat_id", TelegramId, nullable=False),
    Column("thread_id", TelegramId, nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("subject", Plain, nullable=False),
    Column("session", Date, nullable=False),
    Column("content_id", RowId, ForeignKey("contents.id", name="outbox_content"), nullable=False),
    Column("slot", Slot),
    Column("silent", Boolean, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("state", Word(State), nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("message_id", TelegramId),
    Column("reason", Plain),
    Column("ended_at", Moment),
    UniqueConstraint("chat_id", "thread_id", "kind", "subject", "session", name="outbox_once"),
    Index("outbox_content_id", "content_id"),
    _only_where("outbox_waiting", "urgency", "id", where="state = 'waiting'"),
    _only_where("outbox_sending", "id", where="state = 'sending'"),
    _only_where("outbox_broadcast", "session", "slot", "state", where="slot IS NOT NULL"),
    _only_where("outbox_ended", "ended_at", where="ended_at IS NOT NULL"),
    sqlite_autoincrement=True,  # a number is never given twice: late results go by it
)

broadcasts = Table(
    "broadcasts",
    METADATA,
    Column("session", Date),
    Column("slot", Slot, autoincrement=False),
    Column("began_at", Moment, nullable=False),
    Column("reported", Boolean, nullable=False),
    PrimaryKeyConstraint("session", "slot", name="broadcasts_pkey"),
    _only_where("broadcasts_unreported", "session", where="NOT reported"),
)

forecasts = Table(
    "forecasts",
    METADATA,
    Column("ticker", String(16)),
    Column("session", Date),
    Column("made_at", Moment, nullable=False),
    Column("expected", Double, nullable=False),
    Column("low80", Double, nullable=False),
    Column("high80", Double, nullable=False),
    Column("low95", Double, nullable=False),
    Column("high95", Double, nullable=False),
    Column("last_close", Double, nullable=False),
    Column("last_session", Date, nullable=False),
    Column("model_name", Plain, nullable=False),
    Column("model_version", Plain, nullable=False),
    Column("model_sha256", String(64), nullable=False),
    Column("made", Word(Made), nullable=False),
    PrimaryKeyConstraint("ticker", "session", name="forecasts_pkey"),
    Index("forecasts_session", "session"),
)

outcomes = Table(
    "outcomes",
    METADATA,
    Column("ticker", String(16)),
    Column("session", Date),
    Column("revision", Integer, autoincrement=False),
    Column("close", Double, nullable=False),
    Column("factor", Double, nullable=False),
    Column("settled_at", Moment, nullable=False),
    # What `bot.domain.track_record.tally` made of it, so that sums are sums of columns.
    Column("error", Double, nullable=False),
    Column("naive_error", Double, nullable=False),
    Column("relative_error", Double, nullable=False),
    Column("naive_relative_error", Double, nullable=False),
    Column("inside80", SmallInteger, nullable=False),
    Column("directed", SmallInteger, nullable=False),
    Column("hits", SmallInteger, nullable=False),
    Column("replayed", SmallInteger, nullable=False),
    Column("rebased", SmallInteger, nullable=False),
    PrimaryKeyConstraint("ticker", "session", "revision", name="outcomes_pkey"),
    ForeignKeyConstraint(
        ["ticker", "session"], ["forecasts.ticker", "forecasts.session"], name="outcomes_forecast"
    ),
    Index("outcomes_session", "session"),
)

file_ids = Table(
    "file_ids",
    METADATA,
    Column("picture", Plain, primary_key=True),
    Column("file_id", Plain, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Index("file_ids_kept_at", "kept_at"),
)

alarms = Table(
    "alarms",
    METADATA,
    Column("id", RowId, Identity(), primary_key=True),
    Column("message_id", String(36), nullable=False),
    Column("identity", Plain, nullable=False),
    Column("state", Plain, nullable=False),
    Column("since", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("subject", Plain),
    Column("body", Plain, nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("acknowledged_by", TelegramId),
    Column("acknowledged_at", Moment),
    Column("silenced_until", Moment),
    Column("resolved_at", Moment),
    Column("replaced", Boolean, nullable=False),
    Column("next_reminder", Moment),
    Column("reminders", SmallInteger, nullable=False),
    UniqueConstraint("message_id", name="alarms_once"),
    Index("alarms_identity", "identity", "since"),
    Index("alarms_received_at", "received_at"),
    _only_where("alarms_waiting", "id", where="waits"),
    _only_where("alarms_open", "id", where="state = 'ALARM' AND resolved_at IS NULL"),
    _only_where("alarms_reminders", "next_reminder", where="next_reminder IS NOT NULL"),
    sqlite_autoincrement=True,
)

postings = Table(
    "postings",
    METADATA,
    Column("id", RowId, Identity(), primary_key=True),
    Column("subject", String(50), nullable=False),
    Column("session", Date, nullable=False),
    Column("form", Word(Form), nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("answers", String(36)),
    Column("picture", Boolean, nullable=False),
    UniqueConstraint("subject", name="postings_once"),
    Index("postings_queued_at", "queued_at"),
    _only_where("postings_outdated", "id", where="shown < version"),
    _only_where("postings_unpictured", "id", where="picture"),
    sqlite_autoincrement=True,
)

posting_alarms = Table(
    "posting_alarms",
    METADATA,
    Column("posting_id", RowId, ForeignKey("postings.id", name="posting_alarms_posting")),
    Column("alarm_id", RowId, ForeignKey("alarms.id", name="posting_alarms_alarm")),
    PrimaryKeyConstraint("posting_id", "alarm_id", name="posting_alarms_pkey"),
    Index("posting_alarms_alarm_id", "alarm_id"),
)
