"""Evaluation: complete, reproducible, and blind to what comes after each forecast."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from model.artifact import Artifact, load
from model.baselines import ewma_quantiles, ewma_volatility
from model.closes import Share
from model.errors import NothingToScore
from model.evaluate import Score, evaluate, pooled
from model.metrics import pinball_loss
from model.report import as_json, as_table, measured_after, write
from model.windows import make_windows
from tests.artifacts import LEVELS, make_tiny_artifact, tiny_quantiles
from tests.random_shares import random_share, write_csv

KEYS = {
    "n", "mae", "rmse", "mape", "mae_over_naive", "pinball_over_ewma", "pinball_over_garch",
    "coverage80", "coverage95", "direction_hits",
}  # fmt: skip
FIRST, LAST = date(2015, 6, 1), date(2015, 12, 31)
SCORE = Score(1, 1.0, 3.0, 0.1, 1.0, 0.9, None, 0.8, 0.95, 0.5)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """The tiny artifact: last close × known factors."""
    return load(make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny"))


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    """Two shares of different length."""
    return [random_share("AAAA3.SA", 300, seed=1), random_share("BBBB4.SA", 200, seed=2)]


def test_one_step_of_one_share_is_what_its_definition_says(
    artifact: Artifact, shares: list[Share]
) -> None:
    """Worked out again from windows, graph and baseline, without the evaluation's own code."""
    windows = make_windows(shares[0]).between(FIRST, LAST)
    last, actual = windows.closes[:, -1].astype(np.float32).astype(float), windows.targets[:, 2]
    inputs = [a.astype(np.float32) for a in (windows.closes, windows.highs, windows.lows)]
    forecast = tiny_quantiles(*inputs)[:, 2].astype(float)
    volatility = ewma_volatility(shares[0].closes)[windows.origins]
    ewma = ewma_quantiles(last, volatility, 6, np.array(LEVELS))[:, 2]
    losses = [pinball_loss(actual, q[:, 1:8], np.array(LEVELS[1:8])) for q in (forecast, ewma)]
    error, moved = actual - forecast[:, 4], actual - last

    score = evaluate(artifact, shares, FIRST, LAST).shares["AAAA3.SA"][2]

    assert score.pinball_over_garch is None
    assert asdict(replace(score, pinball_over_garch=0.0)) == pytest.approx(
        {
            "n": len(actual),
            "mae": np.abs(error).mean(),
            "rmse": np.sqrt((error**2).mean()),
            "mape": np.abs(error / actual).mean(),
            "mae_over_naive": np.abs(error).mean() / np.abs(moved).mean(),
            "pinball_over_ewma": losses[0] / losses[1],
            "pinball_over_garch": 0.0,
            "coverage80": ((forecast[:, 2] <= actual) & (actual <= forecast[:, 6])).mean(),
            "coverage95": ((forecast[:, 0] <= actual) & (actual <= forecast[:, 8])).mean(),
            "direction_hits": (moved > 0).mean(),
        },
        rel=1e-6,
    )


def test_the_report_has_every_share_every_step_and_every_figure(
    artifact: Artifact, shares: list[Share]
) -> None:
    """Programs read it; a missing key is found here and not there."""
    report = evaluate(artifact, shares, FIRST, LAST)

    content = json.loads(as_json(report, "1", FIRST, LAST))

    steps = {str(step): KEYS for step in range(1, 7)}
    assert set(content) == {"about", "pooled", "shares"}
    assert {step: set(score) for step, score in content["pooled"].items()} == steps
    assert {
        ticker: {step: set(score) for step, score in scores.items()}
        for ticker, scores in content["shares"].items()
    } == {"AAAA3.SA": steps, "BBBB4.SA": steps}
    assert as_table(report, "title").row_count == 6 + 2 * 2


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
    still = replace(shares[0], closes=np.full(300, 16.0))

    score = evaluate(artifact, [still], FIRST, LAST).pooled[0]

    assert (score.mae_over_naive, score.pinball_over_ewma, score.direction_hits) == (None,) * 3


def test_pooling_weighs_shares_by_their_forecasts() -> None:
    """Three forecasts count three times one; squares are pooled before the root."""
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


def test_a_card_is_measured_on_the_days_after_training_alone(
    artifact: Artifact, shares: list[Share], tmp_path: Path
) -> None:
    """What was learnt from says nothing about what comes."""
    for share in shares:
        write_csv(share, tmp_path)

    measured = measured_after(date(2015, 5, 31), tmp_path)(artifact)

    newest = shares[0].days[-1].item()
    report = evaluate(artifact, shares, FIRST, newest)
    assert (measured["from"], measured["until"]) == ("2015-06-01", str(newest))
    assert measured["shares"] == ["AAAA3.SA", "BBBB4.SA"]
    assert measured["pooled"] == {"1": asdict(report.pooled[0]), "6": asdict(report.pooled[5])}


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """Half a file of figures is worse than an old one."""
    (tmp_path / "figures.json.part").mkdir()
    (tmp_path / "figures.json").write_text("old", encoding="utf-8")

    with pytest.raises(OSError, match="figures"):
        write(tmp_path / "figures.json", "new")

    assert (tmp_path / "figures.json").read_text(encoding="utf-8") == "old"
