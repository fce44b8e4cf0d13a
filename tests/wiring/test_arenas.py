"""Memory that threads have to share."""

import platform

from bot.wiring import arenas


def test_arenas_are_shared_where_the_system_has_any() -> None:
    """The bot would grow with every thread that ever drew a chart; elsewhere nothing breaks."""
    assert arenas.share() == (platform.libc_ver()[0] == "glibc")
