"""What the bot keeps, in SQLite or PostgreSQL; the only place that knows a database.

    open_database() ─▶ Database ─▶ Subscriptions, Outbox, TrackRecord, FileIds, Lease
    backup(), restore(): everything as one file that either database takes back

Each class fulfils one port of `bot.ports.records`: every method is one transaction, run in a
thread, and fails with `StorageUnavailable` or not at all.
"""
