"""The reference architecture: trained on its own part, scored on days it never saw."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from model.artifact import load
from model.closes import read_share
from model.commands import app
from model.errors import TooFewCloses
from tests.artifacts import make_tiny_artifact, tiny_quantiles
from tests.random_shares import random_share, write_csv

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # TensorFlow's own warnings

ITUB = Path(__file__).parents[3] / "shared" / "closes" / "adjusted" / "ITUB.csv"


def nothing() -> None:
    """Nobody watches the progress."""


def test_four_fifths_of_the_windows_are_trained_on() -> None:
    """1,127 closes give the notebook's 853 windows, and leave its 214 days."""
    from model.reference import trained_windows  # noqa: PLC0415 - TensorFlow

    assert [trained_windows(sessions) for sessions in (1127, 63)] == [853, 2]


@pytest.mark.parametrize("sessions", [0, 60, 62])
def test_too_few_closes_are_refused(sessions: int) -> None:
    """One window teaches nothing, and an error about shapes would help nobody."""
    from model.reference import trained_windows  # noqa: PLC0415 - TensorFlow

    with pytest.raises(TooFewCloses, match=f"{sessions} closes, at least 63 expected"):
        trained_windows(sessions)


def test_what_comes_later_changes_no_forecast() -> None:
    """The scaler too is fitted on the training part alone; the same seed gives the same rival."""
    from model.reference import reference_forecasts  # noqa: PLC0415 - TensorFlow

    closes = random_share("AAAA3.SA", 110).closes
    other = closes.copy()
    other[105:] *= 3

    forecasts, again, changed = (
        reference_forecasts(given, 40, 7, 1, nothing) for given in (closes, closes, other)
    )

    assert forecasts.shape == (10,)
    np.testing.assert_array_equal(forecasts, again)
    np.testing.assert_array_equal(forecasts[:6], changed[:6])
    assert (forecasts[6:] != changed[6:]).all()


def test_all_three_are_scored_on_the_same_days(tmp_path: Path) -> None:
    """Naive and ours are worked out again by hand; a shifted day would show here."""
    from model.reference import side_by_side  # noqa: PLC0415 - TensorFlow

    share, told = random_share("AAAA3.SA", 110), []
    artifact = load(make_tiny_artifact(tmp_path / "tiny"))

    result = side_by_side(share, artifact, 0, 2, lambda: told.append("epoch"))

    actual, last = share.closes[100:], share.closes[99:-1]
    rows = [slice(i, i + 60) for i in range(40, 50)]
    inputs = [np.array([p[row] for row in rows], np.float32) for p in (
        share.closes, share.highs, share.lows,
    )]  # fmt: skip
    ours = tiny_quantiles(*inputs)[:, 0, 4]
    assert (result.trained_windows, result.n, told) == (40, 10, ["epoch", "epoch"])
    assert (result.first, result.last) == (str(share.days[100]), str(share.days[-1]))
    assert [result.naive.mae, result.naive.rmse, result.naive.mape] == pytest.approx(
        [
            np.abs(actual - last).mean(),
            ((actual - last) ** 2).mean() ** 0.5,
            np.abs(1 - last / actual).mean(),
        ]
    )
    assert result.ours.mae == pytest.approx(np.abs(actual - ours).mean(), rel=1e-6)
    assert result.reference.mae > 0


def test_ratios_stand_beside_the_errors() -> None:
    """The bar is ours / reference; on a series that never moves it is unknown, not infinite."""
    from model.reference import Errors, SideBySide, as_sentence  # noqa: PLC0415 - TensorFlow

    errors = [Errors(mae, mae, 0.01) for mae in (2.0, 0.0, 1.0)]
    result = SideBySide("AAAA3.SA", "2020-01-01", "2020-02-03", 40, 10, *errors)

    content = result.as_content()

    assert (content["ours_over_reference"], content["ours_over_naive"]) == (0.5, None)
    assert as_sentence(result) == (
        "Mean absolute error on 10 days of AAAA3.SA, 2020-01-01 to 2020-02-03: reference LSTM "
        "2.0000 (1.000%), naive 0.0000 (1.000%), ours 1.0000 (1.000%); ours / reference 0.500."
    )
    perfect = replace(result, reference=errors[1])
    assert as_sentence(perfect).endswith("ours 1.0000 (1.000%).")


def test_the_command_writes_its_figures(tmp_path: Path) -> None:
    """A program reads the file, a person the sentence."""
    path = write_csv(random_share("AAAA3.SA", 110), tmp_path)
    figures, tiny = tmp_path / "figures.json", make_tiny_artifact(tmp_path / "tiny")
    words = ["--closes", path, "--json", figures, "--artifact", tiny, "--from", "2015-01-01"]

    result = CliRunner().invoke(
        app, ["reference", *map(str, words), "--epochs", "1", "--seed", "3"]
    )

    assert (result.exit_code, "on 10 days of AAAA3.SA" in result.output) == (0, True)
    content = json.loads(figures.read_text(encoding="utf-8"))
    assert content["about"] == {"version": "1", "seed": 3, "epochs": 1}
    assert set(content) == {
        "about", "ticker", "first", "last", "trained_windows", "n", "reference", "naive", "ours",
        "ours_over_reference", "ours_over_naive",
    }  # fmt: skip


def test_the_command_says_in_a_sentence_what_it_lacks(tmp_path: Path) -> None:
    """A short file is no traceback."""
    path = write_csv(random_share("AAAA3.SA", 62), tmp_path)
    figures, tiny = tmp_path / "figures.json", make_tiny_artifact(tmp_path / "tiny")
    words = ["--closes", path, "--json", figures, "--artifact", tiny, "--from", "2015-01-01"]

    result = CliRunner().invoke(app, ["reference", *map(str, words)])

    assert (result.exit_code, figures.exists()) == (1, False)
    assert "TooFewCloses: 62 closes, at least 63 expected" in result.output


@pytest.mark.skipif(not ITUB.exists(), reason="needs ../shared/closes/adjusted")
def test_naive_scores_on_the_notebook_s_days_what_is_known_of_it(tmp_path: Path) -> None:
    """0.0693, 0.0963 and 1.281 %: the days are the notebook's own, to the last one."""
    from model.reference import side_by_side  # noqa: PLC0415 - TensorFlow

    share = read_share(ITUB).between(date(2021, 1, 4), date(2025, 6, 30))
    artifact = load(make_tiny_artifact(tmp_path / "tiny"))

    result = side_by_side(share, artifact, 0, 1, nothing)

    naive = [round(error, 4) for error in (result.naive.mae, result.naive.rmse)]
    assert (result.trained_windows, result.n, result.first) == (853, 214, "2024-08-21")
    assert [*naive, round(result.naive.mape, 5)] == [0.0693, 0.0963, 0.01281]
