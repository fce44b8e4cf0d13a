"""A real process between SNS and the chat, killed for real."""

import pytest

from tests.bench.alarms import ONE_BY_ONE, toll

ALARMS, KILLS = 200, 2


@pytest.mark.slow
def test_two_kills_lose_no_alarm_and_invent_none() -> None:
    """Each is stored once and read; each kill repeats one message at most."""
    found = toll(ALARMS, KILLS, ONE_BY_ONE)

    assert (found.stored, found.names, found.missing) == (ALARMS, ALARMS, 0)
    assert found.twice <= KILLS
