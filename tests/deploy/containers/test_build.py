"""What CodeBuild does with our images: the commands of the buildspec, docker and aws noted down.

The commands run in bash as CodeBuild runs them, phase after phase; docker and aws are scripts that
note what they were asked, and fail when they are told to.
"""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.stack.building import BOT_IMAGE, BUILDSPEC, SERVING_IMAGE
from tests.deploy.containers.containerfile import ROOT

NOTED = """#!/bin/bash
echo "{program} $*" >> "{folder}/asked"
for failing in {failing}; do
  case "$1 $2" in "$failing" | "$failing "*) exit 1 ;; esac
done
"""
REPOSITORY = "123456789012.dkr.ecr.sa-east-1.amazonaws.com/fechamento/serving"
ABSENT = "'ecr describe-images'"


@dataclass(frozen=True, slots=True)
class Build:
    """A build that has ended."""

    code: int
    asked: list[str] = field(default_factory=list)


def phases() -> list[tuple[str, list[str]]]:
    """The phases in CodeBuild's order, with their commands."""
    told: dict[str, Any] = yaml.safe_load((ROOT / BUILDSPEC).read_text(encoding="utf-8"))
    return [
        (name, told["phases"][name]["commands"]) for name in ("pre_build", "build", "post_build")
    ]


def built(folder: Path, failing: str = ABSENT) -> Build:
    """Run the buildspec; CodeBuild goes on to post_build even after a failed build."""
    for program in ("docker", "aws"):
        path = folder / program
        path.write_text(
            NOTED.format(program=program, folder=folder, failing=failing), encoding="utf-8"
        )
        path.chmod(0o755)
    code = 0
    for name, commands in phases():
        if code == 0 or name == "post_build":
            variables = {
                "PATH": f"{folder}:/usr/bin:/bin",
                "CONTAINERFILE": SERVING_IMAGE.containerfile,
                "REPOSITORY": REPOSITORY,
                "IMAGE_TAG": "cafe",
                "CODEBUILD_BUILD_SUCCEEDING": "1" if code == 0 else "0",
            }
            code = _run(commands, variables) or code
    return Build(code, (folder / "asked").read_text(encoding="utf-8").splitlines())


def _run(commands: list[str], variables: dict[str, str]) -> int:
    for command in commands:
        ended = subprocess.run(["/bin/bash", "-c", command], env=variables, check=False)
        if ended.returncode:
            return ended.returncode
    return 0


def test_the_image_is_built_from_its_file_and_pushed_under_its_tag(tmp_path: Path) -> None:
    """What the model is then told to run."""
    build = built(tmp_path)
    registry = REPOSITORY.partition("/")[0]

    assert (build.code, sorted(build.asked[:2])) == (  # the two run at once, in a pipe
        0,
        [
            "aws ecr get-login-password",
            f"docker login --username AWS --password-stdin {registry}",
        ],
    )
    assert build.asked[2:] == [
        "docker build --pull --file deploy/containers/serving.Containerfile "
        f"--tag {REPOSITORY}:cafe .",
        "aws ecr describe-images --repository-name fechamento/serving --image-ids imageTag=cafe",
        f"docker push --quiet {REPOSITORY}:cafe",
    ]


def test_an_image_that_is_there_already_is_no_failure(tmp_path: Path) -> None:
    """ECR lets no tag be moved, and an interrupted `apply` may build twice."""
    build = built(tmp_path, failing="nothing")

    assert (build.code, [line for line in build.asked if "push" in line]) == (0, [])


@pytest.mark.parametrize("failing", ["login", "build", "push"])
def test_what_fails_fails_the_build(tmp_path: Path, failing: str) -> None:
    """CodeBuild calls a build succeeded by its commands' exit codes alone."""
    assert built(tmp_path, failing=f"{ABSENT} {failing}").code == 1


def test_nothing_is_pushed_after_a_failed_build(tmp_path: Path) -> None:
    """CodeBuild runs post_build all the same."""
    build = built(tmp_path, failing=f"{ABSENT} build")

    assert [line for line in build.asked if "push" in line] == []


@pytest.mark.parametrize("image", [SERVING_IMAGE, BOT_IMAGE], ids=lambda image: str(image.word))
def test_the_stack_names_the_files_that_are_here(image: Any) -> None:
    """A file that was moved would be noticed by CodeBuild only."""
    assert (ROOT / image.containerfile).is_file()


CONTEXT = {
    "bot/flow/forecasting.py": True,
    "deploy/__init__.py": True,
    "deploy/containers/serving.txt": True,
    "deploy/local/runtime/route.py": True,
    "model/serving.py": True,
    "pyproject.toml": True,
    ".env": False,
    "bot/__pycache__/settings.cpython-313.pyc": False,
    "data/fechamento.sqlite": False,
    "deploy/commands.py": False,
    "deployment.toml": False,
    "model/shipped/model.onnx": False,
    "tests/conftest.py": False,
}


@pytest.mark.parametrize(("path", "sent"), CONTEXT.items())
def test_what_is_sent_to_docker_is_what_the_images_are_made_of(path: str, sent: bool) -> None:  # noqa: FBT001
    """Tokens and databases lie in the same folder."""
    assert _sent(path) is sent


def _sent(path: str) -> bool:
    """Whether .dockerignore lets the path through: the last pattern that matches decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and _matches(path, pattern):
            sent = line.startswith("!")
    return sent


def _matches(path: str, pattern: str) -> bool:
    """Docker's rule: a pattern matches the path or a folder that it is in; `*` stops at a slash."""
    places = [Path(path), *Path(path).parents][:-1]
    if pattern.startswith("**/"):
        return any(place.match(pattern.removeprefix("**/")) for place in places)
    return any(
        len(place.parts) == len(Path(pattern).parts) and place.match(pattern) for place in places
    )
