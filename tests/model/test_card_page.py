"""The card as people read it: only what was measured, and labelled where it flatters."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from model.artifact import CARD, Artifact, load
from model.card_metrics import UNSEEN, VALIDATION, measured, told
from model.card_page import Evaluation, evaluated, page, write_page
from model.card_rivals import FiguresUnreadable, sentences
from model.closes import Share
from model.commands import app
from model.errors import ArtifactCorrupted, NothingToScore
from model.evaluate import Report, Score
from tests.artifacts import make_tiny_artifact
from tests.random_shares import random_share, write_csv

TRAINED = {
    "until": "2015-12-31", "from": "2004-01-02", "validated_from": "2015-07-01",
    "shares": ["AAAA3.SA"], "windows": 1234, "validated_windows": 99, "seed": 7,
    "command": "python -m model train --seed 7", "minutes": 0.2,
}  # fmt: skip
SCORE = Score(10, 1.0, 1.5, 0.02, 1.0, 0.99, 0.998, 0.8, 0.95, 0.5, 0.97, None, 0.0001, 0.4)


def make(directory: Path, **trained: object) -> Path:
    """A tiny artifact whose card says how it was trained."""
    make_tiny_artifact(directory)
    card = json.loads((directory / CARD).read_text(encoding="utf-8"))
    card |= {"trained": TRAINED | trained, "versions": {"python": "3.11"}}
    (directory / CARD).write_text(json.dumps(card), encoding="utf-8")
    return directory


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    """Trained until the end of 2015."""
    return load(make(tmp_path / "tiny"))


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    """Two shares until July 2016."""
    return [random_share("AAAA3.SA", 400, seed=1), random_share("BBBB4.SA", 380, seed=2)]


def folder_of(shares: list[Share], folder: Path) -> Path:
    """The shares as files."""
    folder.mkdir()
    for share in shares:
        write_csv(share, folder)
    return folder


def written(card: Mapping[str, Any], score: Score, span: str = UNSEEN) -> str:
    """The page of an artifact that scored the same everywhere."""
    report = Report((score,) * 6, {"AAAA3.SA": (score,) * 6})
    days = date(2016, 1, 1), date(2016, 7, 1)
    return page(card, Evaluation(span, *days, (), report), "card")


def test_it_is_measured_after_the_cut_off(artifact: Artifact, shares: list[Share]) -> None:
    """What was learnt from says nothing about what comes."""
    result = evaluated(artifact, shares)

    newest = shares[0].days[-1].item()
    assert (result.span, result.first, result.last) == (UNSEEN, date(2016, 1, 1), newest)
    assert list(result.report.shares) == ["AAAA3.SA", "BBBB4.SA"]


def test_an_artifact_of_today_is_measured_before_it_and_says_so(
    shares: list[Share], tmp_path: Path
) -> None:
    """There is nothing else yet; unlabelled, it would be read as a promise."""
    newest = shares[0].days[-1].item()
    artifact = load(make(tmp_path / "tiny", until=str(newest), validated_from="2016-01-01"))

    result = evaluated(artifact, shares)

    assert (result.span, result.first, result.last) == (VALIDATION, date(2016, 1, 1), newest)
    said = written(artifact.card, SCORE, VALIDATION)
    assert "**the validation span, before the cut-off**" in said
    assert "No skill is claimed yet" in said
    assert not re.search("never seen in training|better than", said)


@pytest.mark.parametrize("missing", ["until", "validated_from"])
def test_a_card_without_its_days_is_refused(
    missing: str, shares: list[Share], tmp_path: Path
) -> None:
    """Nobody could say which closes were seen."""
    artifact = load(make(tmp_path / "tiny", **{missing: None}))

    with pytest.raises(ArtifactCorrupted, match=f"the card of 1 lacks trained.{missing}"):
        evaluated(artifact, shares)


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (SCORE, "no skill beyond naive (same close as before) is claimed"),
        (replace(SCORE, mae_over_naive=0.99, p_naive=0.2), "no skill beyond naive"),
        (replace(SCORE, mae_over_naive=1.01, p_naive=0.01), "no skill beyond naive"),
        (
            replace(SCORE, mae_over_naive=0.99, p_naive=0.01),
            "better than naive (same close as before) at steps 1, 2, 3, 4, 5, 6",
        ),
        (
            SCORE,
            "better than EWMA-t at steps 1, 2, 3, 4, 5, 6, not shown to be better than GARCH-t",
        ),
        (replace(SCORE, p_ewma=0.05), "not shown to be better than EWMA-t"),
        (
            replace(SCORE, pinball_over_garch=None, p_garch=None),
            "not shown to be better than GARCH",
        ),
    ],
)
def test_skill_is_claimed_only_where_the_test_says_so(
    score: Score, said: str, artifact: Artifact
) -> None:
    """A ratio below one on one span is how most models are sold."""
    assert said in written(artifact.card, score).splitlines()[2]


def test_one_step_is_named_alone(artifact: Artifact) -> None:
    """Better at the first step is not better."""
    weak = replace(SCORE, p_ewma=0.3)
    steps = (SCORE, *(weak,) * 5)
    result = Evaluation(
        UNSEEN, date(2016, 1, 1), date(2016, 7, 1), (), Report(steps, {"AAAA3.SA": steps})
    )

    assert "better than EWMA-t at step 1, not" in page(artifact.card, result, "card")


def test_every_figure_stands_beside_its_baseline(artifact: Artifact) -> None:
    """One row, whole: a column that slips would be believed."""
    rows = [line for line in written(artifact.card, SCORE).splitlines() if line.startswith("| 6 ")]

    assert rows == [
        "| 6 | 2.00 % | 1.0000 | – | 0.9700 | 0.9900 | < 0.001 | 0.9980 | 0.400 | 80.0 % | 95.0 % |"
    ]


def test_the_page_says_what_it_was_trained_on(artifact: Artifact) -> None:
    """Closes, span, command, seed: what is needed to do it again."""
    said = written(artifact.card, SCORE)

    assert "| learnt from | 2004-01-02 to the day before 2015-07-01, 1,234 windows of 60" in said
    assert "| command | `python -m model train --seed 7` |" in said
    assert "| cut-off | 2015-12-31; nothing after it was learnt from or calibrated on |" in said
    assert [line for line in said.splitlines() if line.startswith("#")] == [
        "# tiny 1",
        "## Intended use",
        "## Beside every baseline",
        "## Share by share",
        "## Known weaknesses",
        "## Closes and training",
    ]


def test_every_picture_on_the_page_lies_beside_it(
    artifact: Artifact, shares: list[Share], tmp_path: Path
) -> None:
    """A broken picture in the repository is the first thing that people see."""
    path = tmp_path / "new" / "CARD.md"

    write_page(path, artifact.card, evaluated(artifact, shares))

    linked = re.findall(r"\]\((.*?)\)", path.read_text(encoding="utf-8"))
    assert linked == ["card/calibration.png", "card/error-by-step.png"]
    assert all((path.parent / name).read_bytes().startswith(b"\x89PNG") for name in linked)
    assert sorted(file.name for file in path.parent.iterdir()) == ["CARD.md", "card"]


def test_the_command_writes_the_page_with_what_others_measured(
    shares: list[Share], tmp_path: Path
) -> None:
    """Reference and retraining take minutes; their files are read instead."""
    reference, backtest = tmp_path / "reference.json", tmp_path / "backtest.json"
    errors = {name: {"mae": mae} for name, mae in (("reference", 2.0), ("naive", 1.0), ("ours", 1))}
    named = {"ticker": "ITUB", "first": "a", "last": "b", "n": 214, "ours_over_reference": 0.5}
    reference.write_text(json.dumps(errors | named), encoding="utf-8")
    step = {
        "pinball_retrained_over_frozen": 0.99, "p_value": 0.2, "coverage80_retrained": 0.8,
        "coverage80_frozen": 0.81,
    }  # fmt: skip
    retrained = {
        "about": {"months": 6, "until": "d"}, "periods": [{"from": "c"}], "pays": False,
        "costs": False, "pooled": {"1": step, "6": step | {"p_value": None}},
    }  # fmt: skip
    backtest.write_text(json.dumps(retrained), encoding="utf-8")
    out, folder = tmp_path / "CARD.md", folder_of(shares, tmp_path / "closes")
    words = ["--artifact", make(tmp_path / "tiny"), "--closes", folder, "--out", out]
    files = ["--reference", reference, "--backtest", backtest]

    result = CliRunner().invoke(app, ["card", *map(str, [*words, *files])])

    said = out.read_text(encoding="utf-8")
    assert (result.exit_code, result.output.startswith("tiny 1: ")) == (0, True)
    assert (
        "own 214 days of ITUB, a to b: MAE 2.0000; naive 1.0000; this model 1.0000, which is 0.500 "
        "of the reference."
    ) in said
    assert (
        "Retraining every 6 months makes no sure difference: from c to d the retrained network's "
        "pinball loss was 0.9900 (p = 0.2) times the frozen one's at step 1 and 0.9900 (p = 1) at "
        "step 6; bands of 80 % held 80.0% and 81.0%."
    ) in said


def test_the_command_fails_with_a_sentence(shares: list[Share], tmp_path: Path) -> None:
    """No page is better than a page about nothing."""
    folder, out = folder_of(shares, tmp_path / "closes"), tmp_path / "CARD.md"
    old = make(tmp_path / "tiny", until="2030-01-01", validated_from="2029-01-01")

    result = CliRunner().invoke(
        app, ["card", "--artifact", str(old), "--closes", str(folder), "--out", str(out)]
    )

    assert (result.exit_code, out.exists()) == (1, False)
    assert result.output.startswith("NothingToScore: no share has closes to forecast from")


@pytest.mark.parametrize("content", ["{}", "[]", "half a fi", '{"about": {}}'])
def test_a_file_of_something_else_is_refused(content: str, tmp_path: Path) -> None:
    """The wrong file is the commonest mistake; the sentence names it."""
    path = tmp_path / "figures.json"
    path.write_text(content, encoding="utf-8")

    for files in ((path, None), (None, path)):
        with pytest.raises(FiguresUnreadable, match=r"figures\.json is no file of figures"):
            sentences(*files)


def test_a_card_s_metrics_are_of_days_after_the_cut_off(
    artifact: Artifact, shares: list[Share], tmp_path: Path
) -> None:
    """And the sentence printed with them says so."""
    folder = folder_of(shares, tmp_path / "closes")

    metrics = measured(date(2015, 12, 31), date(2015, 7, 1), folder)(artifact)

    assert (metrics["span"], metrics["from"]) == (UNSEEN, "2016-01-01")
    assert told(metrics).endswith(", which training never saw.")


def test_without_such_days_they_are_of_the_validation_span_and_labelled(
    artifact: Artifact, shares: list[Share], tmp_path: Path
) -> None:
    """What the bot serves is trained until today: its card must not look like a proof."""
    newest = shares[0].days[-1].item()
    folder = folder_of(shares, tmp_path / "closes")

    metrics = measured(newest, date(2016, 1, 1), folder)(artifact)

    assert (metrics["span"], metrics["from"], metrics["until"]) == (
        VALIDATION,
        "2016-01-01",
        str(newest),
    )
    assert told(metrics).startswith("No closes after the cut-off: measured on 2016-01-01 to ")
    assert told(None) == "Not measured: its card holds no figures."


def test_closes_of_neither_span_give_no_metrics(
    artifact: Artifact, shares: list[Share], tmp_path: Path
) -> None:
    """An empty table would read like a good one."""
    folder = folder_of(shares, tmp_path / "closes")

    with pytest.raises(NothingToScore):
        measured(date(2030, 1, 1), date(2029, 1, 1), folder)(artifact)
