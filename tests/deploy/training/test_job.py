"""What leaves this machine for a training job."""

from datetime import date
from pathlib import Path

import pytest

from deploy.refusals import SourceMissing
from deploy.training.job import PINS, ROOT, SCRIPT, Lesson, Place, staged


@pytest.fixture
def closes(tmp_path: Path) -> Path:
    """A folder of closes in which other things lie as well."""
    folder = tmp_path / "closes"
    folder.mkdir()
    for name in ("ITUB4.SA.csv", "VALE3.SA.csv", "notes.txt", ".env"):
        (folder / name).write_text("date,close\n", encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    """Files below the folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_only_closes_leave_the_folder_of_closes(closes: Path, tmp_path: Path) -> None:
    """People keep other things beside their files, secrets among them."""
    sent = staged(closes, tmp_path / "sent")

    assert names(sent.closes) == ["ITUB4.SA.csv", "VALE3.SA.csv"]


def test_the_code_is_what_training_takes_and_no_more(closes: Path, tmp_path: Path) -> None:
    """Neither the bot nor an artifact is of use to a training job."""
    sent = staged(closes, tmp_path / "sent")

    modules = [f"model/{path.name}" for path in (ROOT / "model").glob("*.py")]
    assert names(sent.code) == sorted([SCRIPT, PINS, *modules])


def test_without_closes_nothing_is_staged(tmp_path: Path) -> None:
    """A mistyped folder costs a sentence and no training job."""
    with pytest.raises(SourceMissing, match=r"there is no <TICKER>\.csv in"):
        staged(tmp_path, tmp_path / "sent")

    assert not (tmp_path / "sent").exists()


def test_an_installation_without_the_sources_is_told(closes: Path, tmp_path: Path) -> None:
    """What trains is the checkout; an installed package has no script to send."""
    with pytest.raises(SourceMissing, match=r"is no checkout of this repository"):
        staged(closes, tmp_path / "sent", root=tmp_path)


def test_the_script_is_told_the_day_the_seed_and_the_epochs() -> None:
    """Three words in this order are what train.sh reads."""
    lesson = Lesson(Path("closes"), date(2026, 6, 30), seed=7, epochs=3)

    assert lesson.arguments() == ["2026-06-30", "7", "3"]


def test_results_lie_in_the_stack_s_own_bucket() -> None:
    """The role of the job may write there and nowhere else."""
    place = Place("fechamento", "sa-east-1", "fechamento-bucket", "arn:role", "ml.m5.large")

    assert place.results == "s3://fechamento-bucket/trained"
