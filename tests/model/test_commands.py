"""`python -m model`, as somebody types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.commands import _command_line, app
from tests.artifacts import make_tiny_artifact
from tests.random_shares import random_share, write_csv

SPAN = ["--from", "2015-06-01", "--until", "2015-12-31"]


@pytest.fixture
def closes(tmp_path: Path) -> Path:
    """A folder with two shares."""
    folder = tmp_path / "closes"
    folder.mkdir()
    for seed, ticker in enumerate(("AAAA3.SA", "BBBB4.SA")):
        write_csv(random_share(ticker, 500, seed=seed), folder)
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in arguments])
    return result.exit_code, result.output


def test_evaluate_writes_its_figures_and_shows_a_table(closes: Path, tmp_path: Path) -> None:
    """The file is for programs, the table for the person who asked."""
    artifact, figures = make_tiny_artifact(tmp_path / "tiny"), tmp_path / "figures.json"

    code, printed = run(
        "evaluate", "--artifact", artifact, "--closes", closes, *SPAN, "--json", figures
    )

    assert (code, "tiny 1, 2015-06-01 to 2015-12-31" in printed) == (0, True)
    content = json.loads(figures.read_text(encoding="utf-8"))
    assert list(content["pooled"]) == ["1", "2", "3", "4", "5", "6"]
    assert list(content["shares"]) == ["AAAA3.SA", "BBBB4.SA"]


def test_what_cannot_be_done_ends_with_one_and_a_sentence(closes: Path, tmp_path: Path) -> None:
    """Scripts look at the code, people at the sentence, nobody at a traceback."""
    figures = tmp_path / "figures.json"

    code, printed = run(
        "evaluate", "--artifact", tmp_path / "no", "--closes", closes, *SPAN, "--json", figures
    )

    sentence = f"ArtifactMissing: no model artifact in {tmp_path / 'no'}: card.json is missing\n"
    assert (code, printed, figures.exists()) == (1, sentence, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "--artifact", "x"],
        ["evaluate", "--artifact", "x", "--closes", "nowhere", *SPAN, "--json", "y"],
        ["train", "--closes", ".", "--until", "yesterday", "--out", "x"],
        ["export", "--run", "x", "--out", "y", "--number", "0"],
        ["serve", "--port", "70000"],
        ["forecast"],
    ],
)
def test_what_is_wrongly_asked_for_ends_with_two(arguments: list[str]) -> None:
    """A mistyped command is told apart from one that failed."""
    assert run(*arguments)[0] == 2


def test_the_recorded_command_has_no_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards are published; where somebody keeps their files is not."""
    monkeypatch.chdir(tmp_path)
    words = ["/opt/model/__main__.py", "train", "--closes", str(tmp_path / "a b"), "--seed", "1"]

    assert _command_line([*words, f"--out={tmp_path / 'run'}"]) == (
        "python -m model train --closes 'a b' --seed 1 --out=run"
    )


@pytest.mark.slow
def test_only_training_and_export_load_tensorflow() -> None:
    """The serving process has to be up in a third of a second."""
    script = (
        "import sys, model.commands, model.serving, model.evaluate, model.report;"
        "print({'tensorflow', 'keras', 'matplotlib', 'pandas', 'yfinance'} & set(sys.modules))"
    )

    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "set()\n"


@pytest.mark.slow
def test_a_run_is_trained_published_and_measured(closes: Path, tmp_path: Path) -> None:
    """The whole way, as README tells it."""
    run_folder, artifact, figures = (tmp_path / name for name in ("run", "artifact", "figures"))
    model = [sys.executable, "-m", "model"]
    trained: list[str | Path] = ["--closes", closes, "--until", "2016-06-30", "--out", run_folder]
    published: list[str | Path] = ["--run", run_folder, "--out", artifact, "--closes", closes]
    measured: list[str | Path] = ["--artifact", artifact, "--closes", closes, "--json", figures]

    subprocess.run([*model, "train", *trained, "--seed", "1", "--epochs", "2"], check=True)
    subprocess.run([*model, "export", *published], check=True)
    span = ["--from", "2016-07-01", "--until", "2016-11-30"]
    subprocess.run([*model, "evaluate", *measured, *span], check=True)

    assert sorted(path.name for path in run_folder.iterdir()) == [
        "losses.png",
        "run.json",
        "weights.weights.h5",
    ]
    card = json.loads((artifact / "card.json").read_text(encoding="utf-8"))
    assert (card["version"], card["trained"]["seed"]) == ("2016-06-30.1", 1)
    assert card["trained"]["shares"] == ["AAAA3.SA", "BBBB4.SA"]
    assert card["metrics"]["from"] == "2016-07-01"
    pooled = json.loads(figures.read_text(encoding="utf-8"))["pooled"]
    assert [pooled[str(step)]["mae_over_naive"] for step in range(1, 7)] == [1.0] * 6


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # TensorFlow's own
def test_nothing_is_published_from_an_unfinished_run(tmp_path: Path) -> None:
    """One sentence, exit code 1, and no folder that looks like an artifact."""
    artifact = tmp_path / "artifact"

    code, printed = run("export", "--run", tmp_path / "no", "--out", artifact)

    assert (code, artifact.exists()) == (1, False)
    assert printed.splitlines()[-1].startswith("RunMissing: no finished training run in")
