"""What a training job runs, started as SageMaker starts it, but for what is downloaded.

The folder "machine" stands for AWS's image: its python3 makes a venv whose pip writes down what it
is asked to install, and whose python is this one, which has the same pins.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.training.job import staged
from model.artifact import load
from tests.random_shares import random_share, write_csv

PYTHON3 = """#!/bin/bash
mkdir -p "$3/bin"
printf '#!/bin/bash\\necho "$*" > "{installed}"\\n' > "$3/bin/pip"
printf '#!/bin/bash\\nexec "{python}" "$@"\\n' > "$3/bin/python"
chmod +x "$3/bin/pip" "$3/bin/python"
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is over, and where it ran."""

    machine: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine with closes, our code, and a Python without packages."""
    return furnished(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="module")
def hopeless(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job whose closes are too few: it installs, and ends soon."""
    machine = furnished(tmp_path_factory.mktemp("hopeless"))
    return Job(machine, trained(machine, "2019-01-10"))


def furnished(tmp_path: Path) -> Path:
    """Put into a folder what a machine has."""
    closes = tmp_path / "closes-here"
    closes.mkdir()
    for seed, ticker in enumerate(("ITUB4.SA", "VALE3.SA")):
        write_csv(random_share(ticker, 1_200, seed, first="2019-01-01"), closes)
    staged(closes, tmp_path)
    (tmp_path / "model").mkdir()
    python3 = tmp_path / "bin" / "python3"
    python3.parent.mkdir()
    python3.write_text(
        PYTHON3.format(installed=tmp_path / "installed", python=sys.executable), encoding="utf-8"
    )
    python3.chmod(0o755)
    return tmp_path


def trained(machine: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script in the folder of the code."""
    return subprocess.run(
        ["/bin/bash", "deploy/training/train.sh", *words],
        cwd=machine / "code",
        env={
            "PATH": f"{machine / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "SM_CHANNEL_CLOSES": str(machine / "closes"),
            "SM_MODEL_DIR": str(machine / "model"),
            "HOME": str(machine),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_job_leaves_a_whole_artifact_of_the_day_it_was_given(machine: Path) -> None:
    """What SageMaker packs afterwards is what `apply` uploads: card, graph and SavedModel."""
    done = trained(machine, "2022-06-30", "7", "1")
    assert done.returncode == 0, done.stderr

    card = load(machine / "model").card
    assert (card["version"], card["trained"]["seed"]) == ("2022-06-30.1", 7)
    assert card["metrics"] is not None
    assert sorted(path.name for path in (machine / "model").iterdir()) == [
        "card.json",
        "model.onnx",
        "saved_model",
    ]


@pytest.mark.slow
def test_a_job_installs_our_pins_and_nothing_else(hopeless: Job) -> None:
    """A package without its hash, or one newer than ours, would make another network."""
    words = (hopeless.machine / "installed").read_text(encoding="utf-8").split()

    assert words[-2:] == ["-r", "deploy/containers/training.txt"]
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(words)


@pytest.mark.slow
def test_a_job_that_cannot_learn_fails_and_leaves_no_model(hopeless: Job) -> None:
    """SageMaker calls a job completed whatever it leaves; the exit code is what tells it."""
    done, left = hopeless.done, list((hopeless.machine / "model").iterdir())

    assert (done.returncode, left) == (1, [])
    assert "TooFewCloses" in done.stderr
