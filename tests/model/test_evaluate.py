"""Evaluation: complete, reproducible, and blind to what comes after each forecast."""

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.artifact import Artifact, load
from model.baselines import drift_forecasts, ewma_quantiles, ewma_volatility
from model.closes import Prices, Share
from model.errors import NothingToScore
from model.evaluate import Score, evaluate, pooled, walks
from model.garch import garch_quantiles
from model.metrics import pinball_losses
from model.report import as_json
from model.significance import diebold_mariano
from model.walk import Walk
from model.windows import make_windows
from tests.artifacts import LEVELS, make_tiny_artifact, tiny_quantiles
from tests.random_shares import random_share

FIRST, LAST = date(2015, 6, 1), date(2015, 12, 31)
SCORE = Score(1, 1.0, 3.0, 0.1, 1.0, 0.9, None, 0.8, 0.95, 0.5, None, 0.04)
SHIPPED = Path(__file__).parents[2] / "model" / "shipped"


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """The tiny artifact: last close × known factors."""
    return load(make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny"))


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    """Two shares of different length."""
    return [
        random_share("AAAA3.SA", 660, seed=1, first="2014-01-01"),
        random_share("BBBB4.SA", 200, seed=2),
    ]


def _made_until(day: np.datetime64, walked: Walk) -> dict[str, Prices]:
    """What was forecast on evenings up to `day`, by forecaster, as far as it was not spoilt."""
    assert walked.garch is not None
    made = walked.origins <= day
    named = {
        "days": walked.origins.astype(float),
        "last": walked.last,
        "drift": walked.drift,
        "model": walked.model,
        "ewma": walked.ewma,
        "garch": walked.garch,
    }
    return {name: forecasts[made] for name, forecasts in named.items()}


def test_one_step_of_one_share_is_what_its_definition_says(
    artifact: Artifact, shares: list[Share]
) -> None:
    """Worked out again from windows, graph and baselines, without the evaluation's own code."""
    windows = make_windows(shares[0]).between(FIRST, LAST)
    last, actual = windows.closes[:, -1].astype(np.float32).astype(float), windows.targets[:, 2]
    inputs = [a.astype(np.float32) for a in (windows.closes, windows.highs, windows.lows)]
    forecast = tiny_quantiles(*inputs)[:, 2].astype(float)
    volatility = ewma_volatility(shares[0].closes)[windows.origins]
    ewma = ewma_quantiles(last, volatility, 6, np.array(LEVELS))[:, 2]
    garch = garch_quantiles(shares[0], FIRST, windows.origins, 6, np.array(LEVELS))
    assert garch is not None
    drift = drift_forecasts(shares[0].closes, last, windows.origins, 6)[:, 2]
    ours, *theirs = (
        pinball_losses(actual, q[:, 1:8], np.array(LEVELS[1:8]))
        for q in (forecast, ewma, last[:, None] * garch[:, 2])
    )
    error, moved = actual - forecast[:, 4], actual - last

    score = evaluate(artifact, shares, FIRST, LAST).shares["AAAA3.SA"][2]

    assert asdict(score) == pytest.approx(
        {
            "n": len(actual),
            "mae": np.abs(error).mean(),
            "rmse": np.sqrt((error**2).mean()),
            "mape": np.abs(error / actual).mean(),
            "mae_over_naive": np.abs(error).mean() / np.abs(moved).mean(),
            "mae_over_drift": np.abs(error).mean() / np.abs(actual - drift).mean(),
            "pinball_over_ewma": ours.mean() / theirs[0].mean(),
            "pinball_over_garch": ours.mean() / theirs[1].mean(),
            "coverage80": ((forecast[:, 2] <= actual) & (actual <= forecast[:, 6])).mean(),
            "coverage95": ((forecast[:, 0] <= actual) & (actual <= forecast[:, 8])).mean(),
            "direction_hits": (moved > 0).mean(),
            "p_naive": diebold_mariano(np.abs(error) - np.abs(moved), 2),
            "p_ewma": diebold_mariano(ours - theirs[0], 2),
            "p_garch": diebold_mariano(ours - theirs[1], 2),
        },
        rel=1e-6,
    )


def test_a_pooled_p_value_is_that_of_the_mean_day(artifact: Artifact, shares: list[Share]) -> None:
    """Differences relative to the rival's loss, one number for all shares of a day."""
    days: dict[np.datetime64, list[float]] = {}
    for one in walks(artifact, shares, FIRST, LAST):
        error, moved = (np.abs(one.actual[:, 5] - f) for f in (one.at(0.5)[:, 5], one.last))
        for day, difference in zip(one.origins, (error - moved) / moved.mean(), strict=True):
            days.setdefault(day, []).append(float(difference))
    means = np.array([np.mean(days[day]) for day in sorted(days)])

    report = evaluate(artifact, shares, FIRST, LAST)

    assert report.pooled[5].p_naive == pytest.approx(diebold_mariano(means, 5))
    assert max(map(len, days.values())) == 2


def test_a_centre_at_the_last_close_has_no_p_value_against_naive(shares: list[Share]) -> None:
    """There is no difference that chance could explain; the shipped network is such a one."""
    report = evaluate(load(SHIPPED), shares, FIRST, LAST)

    found = [(score.mae_over_naive, score.p_naive) for score in report.pooled]
    assert found == [(1.0, None)] * 6


def test_a_young_share_has_no_garch_and_is_scored_by_the_others(
    artifact: Artifact,
) -> None:
    """Nothing for the share itself; the pooled figure is that of the shares that have it."""
    young = random_share("CCCC3.SA", 200, seed=3, first="2015-03-02")
    older = [random_share("AAAA3.SA", 400, seed=1, first="2014-01-01"), young]

    report = evaluate(artifact, older, FIRST, LAST)

    step = report.shares["CCCC3.SA"][0]
    assert (step.pinball_over_garch, step.p_garch) == (None, None)
    assert step.pinball_over_ewma is not None
    assert report.pooled[0].pinball_over_garch == report.shares["AAAA3.SA"][0].pinball_over_garch


@given(known=st.integers(350, 440), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_shuffling_the_future_changes_no_forecast_made_before(known: int, seed: int) -> None:
    """Nobody may know on an evening what comes later: not the network, not a rival."""
    share, artifact = random_share("ITUB4.SA", 500, seed=6), load(SHIPPED)
    moves = np.diff(np.log(share.closes), prepend=np.log(share.closes[0]))
    np.random.default_rng(seed).shuffle(moves[known + 1 :])
    closes = np.where(
        np.arange(500) > known, share.closes[0] * np.exp(np.cumsum(moves)), share.closes
    )
    other = replace(share, closes=closes, highs=closes * 1.01, lows=closes * 0.98)
    other.highs[: known + 1], other.lows[: known + 1] = (
        prices[: known + 1] for prices in (share.highs, share.lows)
    )
    span = (share.days[300].item(), share.days[-1].item())

    said, said_too = (
        _made_until(share.days[known], walks(artifact, [one], *span)[0]) for one in (share, other)
    )

    assert len(said["last"]) > 40
    for forecaster, forecasts in said.items():
        np.testing.assert_array_equal(forecasts, said_too[forecaster], err_msg=forecaster)


def test_the_same_closes_give_the_same_report(artifact: Artifact, shares: list[Share]) -> None:
    """A figure that changes by itself cannot be published."""
    reports = [evaluate(artifact, shares, FIRST, LAST) for _ in range(2)]

    assert as_json(reports[0], "1", FIRST, LAST) == as_json(reports[1], "1", FIRST, LAST)


def test_closes_after_the_span_change_nothing(artifact: Artifact, shares: list[Share]) -> None:
    """Walking forward means that nothing is known early."""
    known = int(np.searchsorted(shares[0].days, np.datetime64(LAST), side="right"))
    other = shares[0].closes.copy()
    other[known:] = other[known:][::-1]
    reports = [evaluate(artifact, [s], FIRST, LAST) for s in (
        shares[0], replace(shares[0], closes=other),
    )]  # fmt: skip

    assert len(shares[0].closes) > known + 1
    assert reports[0] == reports[1]


def test_on_a_series_that_never_moves_ratios_are_unknown(
    artifact: Artifact, shares: list[Share]
) -> None:
    """Naive is perfect there: null is honest, infinity is not JSON."""
    still = replace(shares[0], closes=np.full(660, 16.0))

    score = evaluate(artifact, [still], FIRST, LAST).pooled[0]

    unknown = (score.mae_over_naive, score.pinball_over_ewma, score.direction_hits, score.p_ewma)
    assert unknown == (None,) * 4


def test_pooling_weighs_shares_by_their_forecasts() -> None:
    """Three forecasts count three times one, squares wait for the root, p-values have no mean."""
    other = Score(3, 5.0, 1.0, 0.3, 0.8, None, None, 0.4, 0.55, None)

    assert asdict(pooled([SCORE, other])) == pytest.approx(
        asdict(Score(4, 4.0, 3**0.5, 0.25, 0.85, 0.9, None, 0.5, 0.65, 0.5))
    )


def test_a_share_without_closes_in_the_span_is_left_out(
    artifact: Artifact, shares: list[Share]
) -> None:
    """A share listed later must not bring the others down."""
    young = random_share("CCCC3.SA", 30)

    assert set(evaluate(artifact, [*shares, young], FIRST, LAST).shares) == {
        "AAAA3.SA",
        "BBBB4.SA",
    }


def test_a_span_without_any_forecast_is_refused(artifact: Artifact, shares: list[Share]) -> None:
    """An empty report would read like a good one."""
    with pytest.raises(NothingToScore, match="between 2030-01-01 and 2030-12-31"):
        evaluate(artifact, shares, date(2030, 1, 1), date(2030, 12, 31))
