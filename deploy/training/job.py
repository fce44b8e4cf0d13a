"""What a training job is: which closes, until when, on what machine, and the code that it runs.

    model/, train.sh, pins ──staged()──▶ code/      <TICKER>.csv ──staged()──▶ closes/

Only what training reads is staged, so that nothing else of a folder ever leaves this machine.
"""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.refusals import SourceMissing
from deploy.stack.storage import TRAINED

ROOT = Path(__file__).parents[2]
"""The checkout that this module is part of."""

SCRIPT = "deploy/training/train.sh"
PINS = "deploy/containers/training.txt"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt: the same numbers, on the same closes, give the same network.

    Attributes:
        closes: folder of <TICKER>.csv files.
        until: last day that is learnt from, included.
        epochs: at most so many.
    """

    closes: Path
    until: date
    seed: int = 0
    epochs: int = 8

    def arguments(self) -> list[str]:
        """Arguments of the script."""
        return [self.until.isoformat(), str(self.seed), str(self.epochs)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is learnt.

    Attributes:
        stack: name of the stack, the first word of the job's name.
        bucket: of the stack; inputs and results lie below `trained/`.
        role: ARN of the role that the job takes.
        machine: SageMaker's type of instance.
    """

    stack: str
    region: str
    bucket: str
    role: str
    machine: str

    @property
    def results(self) -> str:
        """Where SageMaker leaves `<job>/output/model.tar.gz`."""
        return f"s3://{self.bucket}/{TRAINED.rstrip('/')}"


@dataclass(frozen=True, slots=True)
class Staged:
    """Folders whose content becomes the job's channels of the same names."""

    code: Path
    closes: Path


def staged(closes: Path, folder: Path, root: Path = ROOT) -> Staged:
    """Copy what a job reads into two new folders below `folder`.

    Raises:
        SourceMissing: `root` is no checkout of this repository, or there are no closes.
    """
    files = sorted(closes.glob("*.csv"))
    if not files:
        raise SourceMissing(f"there is no <TICKER>.csv in {closes}")
    into = Staged(folder / "code", folder / "closes")
    into.closes.mkdir(parents=True)
    for path in files:
        shutil.copy(path, into.closes)
    for path in _code(root):
        target = into.code / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return into


def _code(root: Path) -> list[Path]:
    code = [root / SCRIPT, root / PINS, *sorted((root / "model").glob("*.py"))]
    if missing := [path for path in code if not path.is_file()]:
        raise SourceMissing(f"{root} is no checkout of this repository: {missing[0]} is missing")
    return code
