"""Reads our container files, as far as they go: stages, instructions, arguments."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "containers"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; its words are those of the JSON form, or those that a shell would see."""

    name: str
    text: str

    @property
    def exec_form(self) -> bool:
        """Whether it starts a program itself and not a shell."""
        return self.text.startswith("[")

    @property
    def words(self) -> list[str]:
        """Its arguments, options first."""
        if self.exec_form:
            words: list[str] = json.loads(self.text)
            return words
        return shlex.split(self.text)


Stage = tuple[Instruction, ...]


def instructions(path: Path) -> tuple[Instruction, ...]:
    """Everything in the file, comments left out and continued lines joined."""
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    told = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return tuple(Instruction(*(part.strip() for part in line.split(None, 1))) for line in told)


def stages(path: Path) -> list[Stage]:
    """The instructions of each stage, its FROM included; what comes before is left out."""
    found: list[list[Instruction]] = []
    for one in instructions(path):
        if one.name == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return [tuple(stage) for stage in found]


def last(stage: Stage, name: str) -> Instruction:
    """The instruction of this name that holds."""
    return [one for one in stage if one.name == name][-1]


def environment(stage: Stage) -> dict[str, str]:
    """What ENV sets."""
    pairs = [word for one in stage if one.name == "ENV" for word in one.words]
    return dict(pair.split("=", 1) for pair in pairs)


def copied(stage: Stage) -> Iterator[tuple[list[str], str]]:
    """Sources and target of every COPY from the build's context."""
    for one in stage:
        if one.name == "COPY" and "--from" not in one.text:
            *sources, target = [word for word in one.words if not word.startswith("--")]
            yield sources, target


def pinned(path: Path) -> dict[str, list[str]]:
    """Requirements, as `name==version`, and the hashes of each."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = line.split("--hash=")
            found[requirement.split(";")[0].strip()] = [one.strip() for one in hashes]
    return found


def wanted(path: Path) -> list[str]:
    """The requirements, as `name==version`, whose condition holds for this Python."""
    lines = [
        line.rstrip(" \\")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and line[0] not in " #"
    ]
    found = map(Requirement, lines)
    return [
        f"{one.name}{one.specifier}" for one in found if one.marker is None or one.marker.evaluate()
    ]
