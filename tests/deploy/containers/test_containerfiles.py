"""What both images promise, read off their files: there is no Docker where these tests run."""

import re
from pathlib import Path

import pytest

from deploy.artifacts import SOURCE_FILES, SOURCE_FOLDERS
from tests.deploy.containers.containerfile import (
    FOLDER,
    ROOT,
    copied,
    environment,
    instructions,
    last,
    pinned,
    stages,
)

FILES = sorted(FOLDER.glob("*.Containerfile"))
PINS = sorted(FOLDER.glob("*.txt"))
DIGEST = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
BY_NAME = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
BY_PINS = pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)


def test_there_are_two_images() -> None:
    """Serving and bot; what is tested below is tested for both."""
    assert [path.stem for path in FILES] == ["bot", "serving"]


@BY_NAME
def test_nobody_is_root_when_it_runs(path: Path) -> None:
    """Who breaks into the process finds nothing that it may change."""
    user, _, group = last(stages(path)[-1], "USER").text.partition(":")

    assert (int(user) >= 1000, int(group) >= 1000) == (True, True)


@BY_NAME
def test_the_base_is_named_by_its_hash(path: Path) -> None:
    """A tag moves; the same file has to make the same image."""
    bases = [one.text.split("=", 1)[1] for one in instructions(path) if one.name == "ARG"]
    used = {last(stage, "FROM").words[0] for stage in stages(path)}

    assert all(DIGEST.fullmatch(base) for base in bases)
    assert (len(bases), used) == (1, {"${PYTHON}"})


def test_both_images_have_one_base() -> None:
    """Two would be two to renew."""
    bases = {one.text for path in FILES for one in instructions(path) if one.name == "ARG"}

    assert len(bases) == 1


@BY_NAME
def test_what_runs_needs_no_shell(path: Path) -> None:
    """Signals reach the process itself, and there is nothing to inject into."""
    final = stages(path)[-1]
    check = last(final, "HEALTHCHECK")

    assert last(final, "ENTRYPOINT").exec_form
    assert re.search(r"\sCMD \[", check.text)
    assert not any(one.name == "RUN" for one in final)


@BY_NAME
def test_building_runs_no_shell_either(path: Path) -> None:
    """An image with nothing but Python in it could build as well."""
    assert all(one.exec_form for one in instructions(path) if one.name == "RUN")


@BY_NAME
def test_packages_are_installed_by_hash_and_never_built(path: Path) -> None:
    """What was resolved is what is installed, and no foreign build script runs."""
    [install] = [
        one.words for one in instructions(path) if one.name == "RUN" and one.words[0] == "pip"
    ]

    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(install)
    assert install[-2:] == ["-r", f"/{path.stem}.txt"]


@BY_NAME
def test_everything_that_is_copied_exists(path: Path) -> None:
    """A file that was moved would be noticed by CodeBuild only."""
    sources = [name for stage in stages(path) for names, _ in copied(stage) for name in names]

    assert [name for name in sources if not (ROOT / name).exists()] == []


@BY_NAME
def test_nothing_is_copied_that_is_no_part_of_the_source_archive(path: Path) -> None:
    """CodeBuild gets the archive that `apply` uploads: these folders, without an artifact."""
    sources = [name for stage in stages(path) for names, _ in copied(stage) for name in names]

    assert {name.split("/")[0] for name in sources} <= {*SOURCE_FOLDERS, *SOURCE_FILES}
    assert not any(name.startswith("model/shipped") for name in sources)


@BY_NAME
def test_modules_are_compiled_while_building(path: Path) -> None:
    """The root is read-only later: Python would compile them again at every start."""
    build = stages(path)[0]
    compiled = [one.words for one in build if one.name == "RUN" and "compileall" in one.words]

    assert [words[-1] for words in compiled] == ["/app"]
    assert environment(stages(path)[-1])["PYTHONDONTWRITEBYTECODE"] == "1"


def test_the_bot_writes_below_one_volume_only() -> None:
    """ECS and compose mount it into a read-only root; temporary files go there as well."""
    final = stages(FOLDER / "bot.Containerfile")[-1]
    told = environment(final)

    assert last(final, "VOLUME").text == "/var/lib/fechamento"
    assert {told[name] for name in ("DATA_DIR", "HOME", "TMPDIR")} == {"/var/lib/fechamento"}


def test_sagemaker_s_word_is_the_default_as_well() -> None:
    """`docker run IMAGE` and `docker run IMAGE serve` are the same."""
    final = stages(FOLDER / "serving.Containerfile")[-1]

    assert last(final, "CMD").words == ["serve"]
    assert last(final, "EXPOSE").text == "8080"


@BY_PINS
def test_every_package_has_hashes(path: Path) -> None:
    """For one without, the whole file is refused."""
    bare = [name for name, hashes in pinned(path).items() if not hashes]

    assert bare == []
    assert all(
        re.fullmatch(r"sha256:[0-9a-f]{64}", one)
        for hashes in pinned(path).values()
        for one in hashes
    )


@BY_PINS
def test_packages_are_those_of_the_one_set_of_pins(path: Path) -> None:
    """An image must not run with other versions than the tests did."""
    everywhere = re.findall(
        r"^([\w.-]+)(?:\[[^]]*\])?==([\w.]+)",
        (ROOT / "requirements.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    allowed = {f"{name}=={version}" for name, version in everywhere}

    assert set(pinned(path)) - allowed == set()


def test_the_serving_image_has_what_it_imports_and_no_more() -> None:
    """Each further package is time at a cold start."""
    names = {requirement.split("==")[0] for requirement in pinned(FOLDER / "serving.txt")}

    assert names == {
        "click",
        "flatbuffers",
        "h11",
        "httptools",
        "numpy",
        "onnxruntime",
        "orjson",
        "packaging",
        "protobuf",
        "uvicorn",
        "uvloop",
    }


def test_the_bot_s_image_holds_no_library_of_models() -> None:
    """It asks the endpoint; graphs are the other image's business."""
    names = {requirement.split("==")[0] for requirement in pinned(FOLDER / "bot.txt")}

    assert names & {"onnxruntime", "tensorflow", "keras", "sagemaker", "scikit-learn"} == set()
