"""Alarms: every message, how the alarms stand, and where they were posted."""

import sqlalchemy as sa
from alembic import op

revision = "alarms_and_postings"
down_revision: str | None = "people_outbox_scoreboard"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    _alarms()
    _postings()
    op.create_table(
        "posting_alarms",
        sa.Column(
            "posting_id", ROW_ID, sa.ForeignKey("postings.id", name="posting_alarms_posting")
        ),
        sa.Column("alarm_id", ROW_ID, sa.ForeignKey("alarms.id", name="posting_alarms_alarm")),
        sa.PrimaryKeyConstraint("posting_id", "alarm_id", name="posting_alarms_pkey"),
    )
    op.create_index("posting_alarms_alarm_id", "posting_alarms", ["alarm_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("posting_alarms", "postings", "alarms"):
        op.drop_table(table)


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", ROW_ID, sa.Identity(), primary_key=True),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_by", sa.BigInteger()),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("silenced_until", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("next_reminder", MOMENT),
        sa.Column("reminders", sa.SmallInteger(), nullable=False),
        sa.UniqueConstraint("message_id", name="alarms_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("alarms_identity", "alarms", ["identity", "since"])
    op.create_index("alarms_received_at", "alarms", ["received_at"])
    _index_where("alarms_waiting", "alarms", ["id"], "waits")
    _index_where("alarms_open", "alarms", ["id"], "state = 'ALARM' AND resolved_at IS NULL")
    _index_where("alarms_reminders", "alarms", ["next_reminder"], "next_reminder IS NOT NULL")


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("id", ROW_ID, sa.Identity(), primary_key=True),
        sa.Column("subject", sa.String(50), nullable=False),
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(36)),
        sa.Column("picture", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("subject", name="postings_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("postings_queued_at", "postings", ["queued_at"])
    _index_where("postings_outdated", "postings", ["id"], "shown < version")
    _index_where("postings_unpictured", "postings", ["id"], "picture")


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    rows = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=rows, sqlite_where=rows)
