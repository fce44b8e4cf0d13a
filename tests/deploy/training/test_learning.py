"""Where a stack lets jobs run, and whether a challenger takes the champion's place."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.aws.stack_facts import Stack
from deploy.refusals import NothingThere
from deploy.training.job import Place
from deploy.training.learning import challenged, place_of
from model.artifact import load
from model.errors import NothingToScore
from tests.deploy.training.rivals import trained, write_trembling_closes
from tests.random_shares import random_share, write_csv

ROLE = "arn:aws:iam::123456789012:role/fechamento-TrainingRole"
STANDING = Stack(
    id="arn:aws:cloudformation:sa-east-1:123456789012:stack/fechamento/1",
    name="fechamento",
    status="UPDATE_COMPLETE",
    ours=True,
    changed_at=datetime(2026, 11, 23, tzinfo=UTC),
    outputs={"Bucket": "fechamento-bucket", "TrainingRole": ROLE},
)


@pytest.fixture
def closes(tmp_path: Path) -> Path:
    """Closes of two shares, the last ones after every cut-off of this file."""
    folder = tmp_path / "closes"
    folder.mkdir()
    for seed, ticker in enumerate(("ITUB4.SA", "VALE3.SA")):
        write_csv(random_share(ticker, 400, seed), folder)
    return folder


def test_a_job_runs_where_the_stack_says() -> None:
    """Bucket and role are known to the stack alone."""
    place = place_of(STANDING, "fechamento", "sa-east-1", "ml.m5.large")

    assert place == Place("fechamento", "sa-east-1", "fechamento-bucket", ROLE, "ml.m5.large")


def test_without_a_stack_the_command_that_makes_it_is_named() -> None:
    """Training needs a bucket and a role, which `apply` makes."""
    with pytest.raises(NothingThere, match=r"there is no stack fechamento in sa-east-1; `apply`"):
        place_of(None, "fechamento", "sa-east-1", "ml.m5.large")


def test_a_stack_from_before_training_is_brought_up_to_date() -> None:
    """A role that is missing would be AWS's refusal minutes later."""
    before = replace(STANDING, outputs={"Bucket": "fechamento-bucket"})

    with pytest.raises(NothingThere, match=r"the stack fechamento has no TrainingRole; `apply`"):
        place_of(before, "fechamento", "sa-east-1", "ml.m5.large")


def test_a_challenger_that_is_not_worse_takes_the_champion_s_place(tmp_path: Path) -> None:
    """What is then in the champion's folder is what `apply` uploads."""
    closes = write_trembling_closes(tmp_path / "closes")
    champion = trained(tmp_path / "champion", "2015-06-30")
    challenger = trained(tmp_path / "challenger", "2015-06-30", number=2)
    verdict = challenged(challenger, champion, closes)

    assert verdict.published is True
    assert verdict.told.startswith("tiny 2015-06-30.2 takes the place of tiny 2015-06-30.1: ")
    assert load(champion).card == load(challenger).card


def test_a_challenger_whose_bands_do_not_hold_is_kept_out(closes: Path, tmp_path: Path) -> None:
    """The tiny model's bands are too wide for these closes, whatever its loss is."""
    champion = trained(tmp_path / "champion", "2016-01-01")
    challenger = trained(tmp_path / "challenger", "2016-02-01")
    verdict = challenged(challenger, champion, closes)

    assert verdict.published is False
    assert verdict.told.startswith("tiny 2016-01-01.1 is kept, tiny 2016-02-01.1 is refused: ")
    assert load(champion).card["version"] == "2016-01-01.1"


def test_a_challenger_that_saw_every_close_is_not_compared(closes: Path, tmp_path: Path) -> None:
    """Nobody can say yet whether it forecasts well."""
    champion = trained(tmp_path / "champion", "2016-01-01")
    challenger = trained(tmp_path / "challenger", "2016-12-30")
    with pytest.raises(NothingToScore, match=r"at least 20 expected: the champion is kept"):
        challenged(challenger, champion, closes)

    assert load(champion).card["version"] == "2016-01-01.1"
