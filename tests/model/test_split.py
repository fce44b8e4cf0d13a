"""Refusals before training."""

from datetime import date

import pytest

from model.errors import TooFewCloses
from model.split import split
from tests.random_shares import random_share


def test_no_closes_before_the_day_is_said() -> None:
    """A day mistyped by ten years must not end in a numpy error."""
    with pytest.raises(TooFewCloses, match="no closes until 2005-01-01"):
        split([random_share("ITUB4.SA", 300)], date(2005, 1, 1))


def test_too_few_closes_are_said() -> None:
    """Sixty closes and six targets are the least that one window takes, on each side."""
    with pytest.raises(TooFewCloses, match="give no window to learn or to validate"):
        split([random_share("ITUB4.SA", 67)], date(2030, 1, 1))
