"""The pictures: which are drawn, of whom, and that they show what was measured."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner

from model.artifact import load
from model.closes import Prices
from model.commands import app
from model.evaluate import Report, scored, walks
from model.plots import calibration, chosen, error_by_step, forecasts, observed, write_plots
from model.walk import Walk
from tests.artifacts import make_tiny_artifact
from tests.random_shares import random_share, write_csv


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> list[Walk]:
    """Three shares, one of them too young for GARCH."""
    artifact = load(make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny"))
    shares = [random_share(f"{name}3.SA", 700, seed=i) for i, name in enumerate(("AAAA", "BBBB"))]
    shares.append(random_share("ITUB4.SA", 240, seed=9, first="2016-06-01"))
    days = shares[0].days
    return walks(artifact, shares, days[450].item(), days[-1].item())


@pytest.fixture(scope="module")
def report(walked: list[Walk]) -> Report:
    """Their scores."""
    return scored(walked)


def lines(figure: Figure, panel: int) -> dict[str, Prices]:
    """Heights of the named lines of a panel."""
    drawn = figure.axes[panel].get_lines()
    return {
        str(line.get_label()): np.asarray(line.get_ydata(), float)
        for line in drawn
        if not str(line.get_label()).startswith("_")
    }


def test_all_pictures_are_written_under_names_that_say_what_they_show(
    walked: list[Walk], report: Report, tmp_path: Path
) -> None:
    """A folder that does not exist yet is made; nothing else is left in it."""
    folder = tmp_path / "new" / "pictures"

    written = write_plots(folder, walked, report)

    assert sorted(written) == sorted(folder.iterdir())
    assert {"calibration.png", "error-by-step.png", "forecast-ITUB4.SA.png"} <= {
        path.name for path in written
    }
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)


def test_evaluate_draws_when_it_is_asked_to(tmp_path: Path) -> None:
    """One command gives file, table and pictures."""
    (tmp_path / "closes").mkdir()
    write_csv(random_share("ITUB4.SA", 400), tmp_path / "closes")
    options = {
        "--artifact": make_tiny_artifact(tmp_path / "tiny"),
        "--closes": tmp_path / "closes",
        "--from": "2015-06-01",
        "--until": "2015-12-31",
        "--json": tmp_path / "figures.json",
        "--plot": tmp_path / "pictures",
    }

    done = CliRunner().invoke(app, ["evaluate", *(str(w) for o in options.items() for w in o)])

    drawn = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert (done.exit_code, drawn) == (
        0,
        ["calibration.png", "error-by-step.png", "forecast-ITUB4.SA.png"],
    )


def test_who_is_drawn_is_not_chosen_for_its_looks(walked: list[Walk], report: Report) -> None:
    """The reference share, the one whose band held least, the one whose band held most."""
    held = (0.9, 0.7, 0.8)
    scores = dict(zip(report.shares, held, strict=True))
    rigged = replace(
        report,
        shares={
            ticker: (replace(steps[0], coverage80=scores[ticker]), *steps[1:])
            for ticker, steps in report.shares.items()
        },
    )

    assert [one.ticker for one in chosen(walked, rigged)] == ["ITUB4.SA", "BBBB3.SA", "AAAA3.SA"]


def test_without_the_reference_share_the_first_is_drawn(walked: list[Walk]) -> None:
    """Other people have other folders; one picture of one share is the least."""
    alone = walked[:1]

    assert chosen(alone, scored(alone)) == alone


def test_the_calibration_curve_counts_closes_below_each_quantile(walked: list[Walk]) -> None:
    """In two lines, over all shares."""
    below = np.concatenate([one.actual[:, 5, None] < one.model[:, 5] for one in walked])

    np.testing.assert_allclose(observed(walked, 5), below.mean(axis=0))
    np.testing.assert_allclose(lines(calibration(walked), 0)["6 sessions ahead"], below.mean(0))


def test_a_close_on_its_quantile_is_half_below_it(walked: list[Walk]) -> None:
    """On a series that never moves the median would otherwise look wrong."""
    still = replace(walked[0], model=np.repeat(walked[0].actual[:, :, None], 9, axis=2))

    assert observed([still], 0).tolist() == [0.5] * 9


def test_errors_by_step_are_those_of_the_report(walked: list[Walk], report: Report) -> None:
    """Rivals' ratios are worked out from the model's two; here they are counted again."""
    figure = error_by_step(report)

    points, bands = lines(figure, 0), lines(figure, 1)
    assert points["model"].tolist() == [score.mae_over_naive for score in report.pooled]
    assert bands["model"].tolist() == [score.pinball_over_ewma for score in report.pooled]
    alone = error_by_step(scored(walked[:1]))
    naive, drift = (
        np.abs(walked[0].actual - f).mean(axis=0)
        for f in (walked[0].last[:, None], walked[0].drift)
    )
    np.testing.assert_allclose(lines(alone, 0)["drift"], drift / naive)


def test_a_rival_that_nobody_has_leaves_a_gap(walked: list[Walk]) -> None:
    """Young shares alone: no GARCH to draw, and no error either."""
    figure = error_by_step(scored(walked[2:]))

    assert np.isnan(lines(figure, 1)["GARCH-t"]).all()


def test_the_last_120_sessions_are_drawn_on_the_days_that_were_forecast(
    walked: list[Walk],
) -> None:
    """A close drawn on the day of its forecast would look like foresight."""
    figure = forecasts(walked[0])

    nearest, farthest = (np.asarray(axes.get_lines()[1].get_xdata()) for axes in figure.axes)
    np.testing.assert_array_equal(nearest, walked[0].first_days[-120:])
    np.testing.assert_array_equal(farthest, walked[0].last_days[-120:])
    np.testing.assert_array_equal(lines(figure, 1)["close"], walked[0].actual[-120:, 5])
