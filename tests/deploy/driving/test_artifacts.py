"""What is uploaded, and the names it gets."""

import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.artifacts import archives, model_archive, source_archive
from deploy.refusals import SourceMissing
from deploy.stack.options import Serving
from model.errors import ArtifactCorrupted


def tar_names(content: bytes) -> list[str]:
    """What a model.tar.gz holds."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        return tar.getnames()


def zip_names(content: bytes) -> list[str]:
    """What a zip holds."""
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_our_container_gets_the_artifact_as_it_is(tiny: Path) -> None:
    """SageMaker unpacks it into /opt/ml/model, where `model serve` reads it."""
    assert tar_names(model_archive(tiny, Serving.CONTAINER).content) == [
        "card.json",
        "model.onnx",
        "saved_model/saved_model.pb",
    ]


def test_tensorflow_serving_gets_a_folder_with_a_number(tiny: Path) -> None:
    """It serves the highest number that it finds, and nothing without one."""
    packed = model_archive(tiny, Serving.TENSORFLOW)

    assert tar_names(packed.content) == ["fechamento/1/saved_model.pb"]


def test_an_artifact_that_was_tampered_with_is_not_uploaded(tiny: Path, tmp_path: Path) -> None:
    """The card's hashes are believed before the endpoint fails to start."""
    copied = Path(shutil.copytree(tiny, tmp_path / "copied"))
    (copied / "model.onnx").write_bytes(b"another graph")

    with pytest.raises(ArtifactCorrupted):
        model_archive(copied, Serving.CONTAINER)


def test_the_source_is_what_installing_takes(checkout: Path) -> None:
    """Neither tests nor the shipped artifact, which travels on its own, nor what Python leaves."""
    for left in (
        "bot/__pycache__/a.pyc",
        "model/shipped/card.json",
        "deploy/.hidden",
        "tests/a.py",
    ):
        path = checkout / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left out", encoding="utf-8")

    assert zip_names(source_archive(checkout).content) == [
        "LICENSE",
        "README.md",
        "bot/__init__.py",
        "deploy/__init__.py",
        "model/__init__.py",
        "pyproject.toml",
        "requirements.txt",
    ]


def test_the_same_files_make_the_same_bytes(tiny: Path, checkout: Path, tmp_path: Path) -> None:
    """Or every clone of the repository would deploy everything again."""
    copies = shutil.copytree(tiny, tmp_path / "tiny"), shutil.copytree(checkout, tmp_path / "code")
    for copied in copies:
        for path in Path(copied).rglob("*"):
            os.utime(path, (1_000_000_000, 1_000_000_000))
    moved = archives(Path(copies[0]), Serving.CONTAINER, Path(copies[1]))

    assert moved == archives(tiny, Serving.CONTAINER, checkout)


def test_every_key_holds_the_hash_of_its_content(tiny: Path, checkout: Path) -> None:
    """A new artifact is a new key, and so a new parameter of the stack."""
    packed = archives(tiny, Serving.CONTAINER, checkout)
    uploads = packed.uploads

    assert uploads.artifact_key == f"artifacts/{packed.artifact.sha256}/model.tar.gz"
    assert uploads.source_key == f"sources/{packed.source.sha256}.zip"
    assert packed.source.sha256.startswith(uploads.image_tag)


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    """An installed package has no source to send."""
    with pytest.raises(SourceMissing, match="is no checkout of this repository: bot is missing"):
        source_archive(tmp_path)
