"""The report: every figure in the file and in the table, and on the card."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from model.artifact import Artifact, load
from model.closes import Share
from model.evaluate import Report, Score, evaluate
from model.report import WIDTH, as_json, as_table, measured_after, write
from tests.artifacts import make_tiny_artifact
from tests.random_shares import random_share, write_csv

KEYS = {
    "n", "mae", "rmse", "mape", "mae_over_naive", "mae_over_drift", "pinball_over_ewma",
    "pinball_over_garch", "coverage80", "coverage95", "direction_hits", "p_naive", "p_ewma",
    "p_garch",
}  # fmt: skip
FIRST, LAST = date(2015, 6, 1), date(2015, 12, 31)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """The tiny artifact: last close × known factors."""
    return load(make_tiny_artifact(tmp_path_factory.mktemp("artifact") / "tiny"))


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    """Two shares of different length."""
    return [random_share("AAAA3.SA", 300, seed=1), random_share("BBBB4.SA", 200, seed=2)]


def test_the_report_has_every_share_every_step_and_every_figure(
    artifact: Artifact, shares: list[Share]
) -> None:
    """Programs read it; a missing key is found here and not there."""
    report = evaluate(artifact, shares, FIRST, LAST)

    content = json.loads(as_json(report, "1", FIRST, LAST))

    steps = {str(step): KEYS for step in range(1, 7)}
    assert set(content) == {"about", "pooled", "shares"}
    assert set(content["about"]) == {"version", "from", "until", "pooling", "significance"}
    assert {step: set(score) for step, score in content["pooled"].items()} == steps
    assert {
        ticker: {step: set(score) for step, score in scores.items()}
        for ticker, scores in content["shares"].items()
    } == {"AAAA3.SA": steps, "BBBB4.SA": steps}
    assert as_table(report, "title").row_count == 6 + 2 * 2


def test_no_figure_of_the_table_is_cut_off() -> None:
    """Piped into a file, a table as narrow as a terminal loses digits."""
    score = Score(
        n=123456, mae=98765.4, rmse=98765.4, mape=0.1234, mae_over_naive=1.0001,
        pinball_over_ewma=0.9876, pinball_over_garch=0.9765, coverage80=0.801, coverage95=0.949,
        direction_hits=0.512, mae_over_drift=0.9987, p_naive=0.123, p_ewma=0.0456, p_garch=None,
    )  # fmt: skip
    console = Console(width=WIDTH)

    with console.capture() as captured:
        console.print(as_table(Report((score,) * 6, {"ABCD11.SA": (score,) * 6}), "title"))

    row = next(line for line in captured.get().splitlines() if "ABCD11.SA" in line)
    assert row.split() == [
        "ABCD11.SA", "1", "123456", "9.877e+04", "9.877e+04", "12.34%", "1.0001", "0.123",
        "0.9987", "0.9876", "0.046", "0.9765", "-", "80.1%", "94.9%", "51.2%",
    ]  # fmt: skip


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
