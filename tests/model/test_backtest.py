"""Does retraining pay: borders, who saw what, and what is concluded from it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from typer.testing import CliRunner

from model.backtest import Backtest, Period, as_content, backtest, periods, verdict
from model.closes import Share
from model.commands import app
from model.errors import NothingToScore
from model.head_to_head import Forecaster
from model.windows import Windows, make_windows
from tests.random_shares import random_share, write_csv

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
OFFSETS = np.array([-0.06, -0.05, -0.04, -0.02, 0.0, 0.02, 0.04, 0.05, 0.06])
SPANS = periods(date(2015, 7, 1), date(2016, 5, 31), 3)


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    """Two shares, from January 2015 on."""
    return [random_share("AAAA3.SA", 400, seed=1), random_share("BBBB4.SA", 400, seed=2)]


class Trainer:
    """Trains nothing: bands of a given width for each day, and a note of who was asked what."""

    def __init__(self, widths: Iterator[float]) -> None:
        self.widths = widths
        self.until: list[date] = []
        self.asked: dict[date, list[date]] = {}

    def __call__(self, until: date) -> Forecaster:
        """The next width."""
        self.until.append(until)
        width = next(self.widths)

        def prices(windows: Windows) -> NDArray[np.float64]:
            self.asked.setdefault(until, []).extend(windows.first_days.tolist())
            factors = np.broadcast_to(1 + width * OFFSETS, (len(windows), 6, 9))
            return windows.closes[:, -1, None, None] * factors

        return Forecaster(LEVELS, prices)


def run(shares: list[Share], frozen: float, retrained: float) -> Backtest:
    """A backtest with bands of the widths given."""
    return backtest(shares, Trainer(iter([frozen, *[retrained] * 9])), SPANS)


def test_six_months_later_is_the_same_day_of_the_month() -> None:
    """People say 6m and mean July after January."""
    assert periods(date(2023, 7, 1), date(2024, 9, 10), 6) == (
        Period(date(2023, 7, 1), date(2023, 12, 31)),
        Period(date(2024, 1, 1), date(2024, 6, 30)),
        Period(date(2024, 7, 1), date(2024, 9, 10)),
    )


def test_a_day_that_a_month_lacks_becomes_its_last() -> None:
    """31 August and six months is the end of February, in leap years too."""
    starts = [span.first for span in periods(date(2023, 8, 31), date(2024, 9, 30), 6)]

    assert starts == [date(2023, 8, 31), date(2024, 2, 29), date(2024, 8, 31)]


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    sessions=st.integers(400, 3000),
    months=st.integers(1, 12),
)
def test_periods_cover_every_day_once(first: date, sessions: int, months: int) -> None:
    """No day is forecast twice, none is forgotten."""
    last = first + timedelta(days=sessions)

    spans = periods(first, last, months)

    assert (spans[0].first, spans[-1].last) == (first, last)
    assert [span.trained_until for span in spans[1:]] == [span.last for span in spans[:-1]]
    assert all(span.first <= span.last for span in spans)


def test_a_span_of_one_period_is_refused() -> None:
    """Nothing would be retrained, and a network ties with itself."""
    with pytest.raises(NothingToScore, match="not longer than 6 months"):
        periods(date(2023, 7, 1), date(2023, 12, 31), 6)


def test_no_network_forecasts_a_day_that_it_was_trained_on(shares: list[Share]) -> None:
    """The one thing that would make retraining look good for nothing."""
    trainer = Trainer(iter([1.0] * 9))

    backtest(shares, trainer, SPANS)

    assert trainer.until == [span.trained_until for span in SPANS]
    newest = {span.trained_until: (span.first, span.last) for span in SPANS[1:]}
    assert {until: (min(days), max(days)) for until, days in trainer.asked.items()} == {
        SPANS[0].trained_until: (SPANS[1].first, date(2016, 5, 24)),
        **{until: (days[0], min(days[1], date(2016, 5, 24))) for until, days in newest.items()},
    }


def test_every_forecast_after_the_first_period_counts_once(shares: list[Share]) -> None:
    """The first period is the same network twice; the others together are the whole span."""
    result = run(shares, 1.0, 0.8)

    expected = sum(
        len(make_windows(share).between(SPANS[1].first, SPANS[-1].last)) for share in shares
    )
    assert result.pooled[0].n == expected
    assert sum(steps[0].n for _, steps in result.periods) == expected


@pytest.mark.parametrize(
    ("widths", "concluded", "said"),
    [
        ((3.0, 1.5), ("pays",), "Retraining pays: step 1: "),
        ((1.5, 3.0), ("costs",), "Retraining costs: step 1: "),
        ((1.0, 1.0), (), "Retraining makes no sure difference: step 1: 1.0000 x"),
    ],
)
def test_the_verdict_follows_the_test(
    shares: list[Share], widths: tuple[float, float], concluded: tuple[str, ...], said: str
) -> None:
    """A person reads one sentence; it must not say more than the figures do."""
    result = run(shares, *widths)

    content = as_content(result)
    assert tuple(word for word in ("pays", "costs") if content[word]) == concluded
    assert verdict(result).startswith(said)


def test_the_file_has_every_step_of_every_period(shares: list[Share]) -> None:
    """Programs read it; a missing key is found here and not there."""
    content = as_content(run(shares, 1.0, 1.1))

    keys = {
        "n", "sessions", "pinball_retrained_over_frozen", "p_value", "coverage80_frozen",
        "coverage80_retrained",
    }  # fmt: skip
    steps = {str(step): keys for step in range(1, 7)}
    assert content["frozen_until"] == "2015-06-30"
    assert {step: set(one) for step, one in content["pooled"].items()} == steps
    assert [(one["trained_until"], one["until"]) for one in content["periods"]] == [
        ("2015-09-30", "2015-12-31"),
        ("2015-12-31", "2016-03-31"),
        ("2016-03-31", "2016-05-31"),
    ]


def test_the_same_networks_give_the_same_file(shares: list[Share]) -> None:
    """Or no figure of it could be checked by anybody."""
    assert as_content(run(shares, 1.0, 1.1)) == as_content(run(shares, 1.0, 1.1))


@pytest.mark.parametrize("every", ["6", "m", "0m", "6d", "-6m", ""])
def test_a_rhythm_that_is_none_ends_with_two(tmp_path: Path, every: str) -> None:
    """Six what?"""
    words = ["--closes", str(tmp_path), "--from", "2015-07-01", "--until", "2016-05-31"]

    result = CliRunner().invoke(app, ["backtest", *words, "--json", "x", f"--every={every}"])

    assert result.exit_code == 2


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_command_retrains_and_says_whether_it_pays(shares: list[Share], tmp_path: Path) -> None:
    """The whole way, with real networks."""
    folder = tmp_path / "closes"
    folder.mkdir()
    for share in shares:
        write_csv(share, folder)
    span = ["--closes", str(folder), "--from", "2016-01-01", "--until", "2016-06-30"]
    told = tmp_path / "told.json"

    result = CliRunner().invoke(
        app, ["backtest", *span, "--every", "3m", "--epochs", "1", "--json", str(told)]
    )

    assert (result.exit_code, "Retraining " in result.output) == (0, True)
    one = json.loads(told.read_text(encoding="utf-8"))
    assert one["about"] == {
        "from": "2016-01-01", "until": "2016-06-30", "months": 3, "seed": 0, "epochs": 1,
    }  # fmt: skip
    assert one["frozen_until"] == "2015-12-31"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_closes_after_the_border_change_nothing_of_a_network(shares: list[Share]) -> None:
    """Retraining in the past must not know the future; the same seed gives the same network."""
    from model.retrain import trained  # noqa: PLC0415 - TensorFlow

    until, told = date(2015, 12, 31), []
    known = [share.between(date(2015, 1, 1), until) for share in shares]
    windows = make_windows(shares[0])

    one, other = (
        trained(given, until, 5, 1, lambda: told.append("epoch")) for given in (shares, known)
    )

    np.testing.assert_array_equal(one.prices(windows), other.prices(windows))
    assert told == ["epoch", "epoch"]
