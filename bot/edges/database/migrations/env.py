"""Run by Alembic for each command: everything on the connection that was handed over.

Foreign keys of SQLite are checked at the end of the transaction (`bot.edges.database.opening`), so
that a migration may build a table anew.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite alters tables by building them anew
)
with context.begin_transaction():
    context.run_migrations()
