"""Real processes that send, killed for real."""

from pathlib import Path

import pytest

from tests.bench.killing import toll
from tests.bench.sending import Post

KILLS = 3


@pytest.mark.slow
def test_three_kills_lose_nothing_and_repeat_one_message_each_at_most(tmp_path: Path) -> None:
    """What the database promised before a kill has to be true after it."""
    found = toll(Post(tmp_path), KILLS, chats=60)

    assert (found.lost, found.kills) == (0, KILLS)
    assert found.worst <= 1
    assert found.twice <= KILLS
