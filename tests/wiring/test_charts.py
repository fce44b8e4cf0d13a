"""Pictures, drawn again and again."""

import gc

from bot.wiring import charts


def test_what_was_drawn_can_be_forgotten() -> None:
    """Whatever is set aside from the search for garbage is kept for ever, old pictures included."""
    charts.load()
    before = gc.get_freeze_count()
    charts.load()

    assert gc.get_freeze_count() <= before
