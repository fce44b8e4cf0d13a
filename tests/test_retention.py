"""No table grows without a rule that ends it."""

from bot.edges.database.tables import METADATA
from tests.bench.soak_sizes import KEPT_FOR


def test_every_table_has_an_end_to_its_growth() -> None:
    """A new table has to say what bounds it, before a disk does."""
    assert set(KEPT_FOR) == set(METADATA.tables)
