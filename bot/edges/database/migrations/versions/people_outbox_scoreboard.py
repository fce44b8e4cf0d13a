"""The first tables: who subscribed, what is pushed, and what was forecast.

Forecasts and outcomes are written once; triggers refuse to change or delete them.
"""

import sqlalchemy as sa
from alembic import op

revision = "people_outbox_scoreboard"
down_revision: str | None = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(16)
WRITTEN_ONCE = ("forecasts", "outcomes")


def upgrade() -> None:
    """Make everything."""
    _people()
    _outbox()
    _scoreboard()
    _pictures()
    for table in WRITTEN_ONCE:
        _write_once(table)


def downgrade() -> None:
    """Take everything away."""
    for table in (
        "file_ids", "outcomes", "forecasts", "broadcasts",
        "outbox", "contents", "subscriptions", "chats",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _people() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("closed_at", MOMENT),
    )
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", sa.BigInteger(), sa.ForeignKey("chats.id", name="subscriptions_chat")),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False),
        sa.Column("ticker", sa.String(16)),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", "ticker", name="subscriptions_pkey"),
    )
    op.create_index("subscriptions_slot", "subscriptions", ["slot", "chat_id"])


def _outbox() -> None:
    op.create_table(
        "contents",
        sa.Column("id", ROW_ID, sa.Identity(), primary_key=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.UniqueConstraint("kind", "subject", "session", "digest", name="contents_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, sa.Identity(), primary_key=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column(
            "content_id",
            ROW_ID,
            sa.ForeignKey("contents.id", name="outbox_content"),
            nullable=False,
        ),
        sa.Column("slot", sa.SmallInteger()),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("ended_at", MOMENT),
        sa.UniqueConstraint(
            "chat_id", "thread_id", "kind", "subject", "session", name="outbox_once"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_content_id", "outbox", ["content_id"])
    _index_where("outbox_waiting", "outbox", ["urgency", "id"], "state = 'waiting'")
    _index_where("outbox_sending", "outbox", ["id"], "state = 'sending'")
    _index_where("outbox_broadcast", "outbox", ["session", "slot", "state"], "slot IS NOT NULL")
    _index_where("outbox_ended", "outbox", ["ended_at"], "ended_at IS NOT NULL")
    op.create_table(
        "broadcasts",
        sa.Column("session", sa.Date()),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("session", "slot", name="broadcasts_pkey"),
    )
    _index_where("broadcasts_unreported", "broadcasts", ["session"], "NOT reported")


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    rows = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=rows, sqlite_where=rows)


def _scoreboard() -> None:
    prices = ("expected", "low80", "high80", "low95", "high95", "last_close")
    op.create_table(
        "forecasts",
        sa.Column("ticker", sa.String(16)),
        sa.Column("session", sa.Date()),
        sa.Column("made_at", MOMENT, nullable=False),
        *(sa.Column(price, sa.Double(), nullable=False) for price in prices),
        sa.Column("last_session", sa.Date(), nullable=False),
        sa.Column("model_name", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("made", WORD, nullable=False),
        sa.PrimaryKeyConstraint("ticker", "session", name="forecasts_pkey"),
    )
    op.create_index("forecasts_session", "forecasts", ["session"])
    measures = ("error", "naive_error", "relative_error", "naive_relative_error")
    counts = ("inside80", "directed", "hits", "replayed", "rebased")
    op.create_table(
        "outcomes",
        sa.Column("ticker", sa.String(16)),
        sa.Column("session", sa.Date()),
        sa.Column("revision", sa.Integer(), autoincrement=False),
        sa.Column("close", sa.Double(), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=False),
        *(sa.Column(measure, sa.Double(), nullable=False) for measure in measures),
        *(sa.Column(count, sa.SmallInteger(), nullable=False) for count in counts),
        sa.PrimaryKeyConstraint("ticker", "session", "revision", name="outcomes_pkey"),
        sa.ForeignKeyConstraint(
            ["ticker", "session"],
            ["forecasts.ticker", "forecasts.session"],
            name="outcomes_forecast",
        ),
    )
    op.create_index("outcomes_session", "outcomes", ["session"])


def _pictures() -> None:
    op.create_table(
        "file_ids",
        sa.Column("picture", sa.Text(), primary_key=True),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
    )
    op.create_index("file_ids_kept_at", "file_ids", ["kept_at"])


def _write_once(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        _write_once_postgresql(table)
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are written once'); END"
        )


def _write_once_postgresql(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% are written once', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
