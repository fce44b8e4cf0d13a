"""What is uploaded: the model as SageMaker wants it, and the source of the bot.

    artifact folder ──▶ model.tar.gz      bot, model, deploy, … ──▶ source.zip

Both are made byte for byte the same from the same files, whatever their dates and owners, so that
the hash in the S3 key changes only when a file does.
"""

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.refusals import SourceMissing
from deploy.stack.options import Serving, Uploads
from model.artifact import SAVED_MODEL, load

SOURCE_FOLDERS = ("bot", "deploy", "model")
SOURCE_FILES = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
"""What installing the bot and building the images takes; README and LICENSE because the package's
description names them."""

_LEFT_OUT = ("__pycache__", "model/shipped")
"""The artifact travels on its own: a new one must not look like new code."""

_TENSORFLOW_FOLDER = "fechamento/1"
"""TensorFlow Serving looks for <name>/<version>/saved_model.pb."""

_TAG_LETTERS = 32
"""Of the hash, enough for a tag; ECR takes 128."""

_MODE = 0o644
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Archive:
    """A file to upload, in memory, since none is larger than a few megabytes."""

    content: bytes
    noted: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Archives:
    """All that one deployment uploads."""

    artifact: Archive
    source: Archive

    @property
    def uploads(self) -> Uploads:
        """The keys and the tag that follow from the hashes."""
        artifact, source = self.artifact.sha256, self.source.sha256
        return Uploads(
            artifact_key=f"artifacts/{artifact}/model.tar.gz",
            artifact_sha256=artifact,
            source_key=f"sources/{source}.zip",
            image_tag=source[:_TAG_LETTERS],
        )


def archives(artifact: Path, serving: Serving, root: Path) -> Archives:
    """Pack both.

    Args:
        artifact: folder that `python -m model export` wrote.
        serving: which container will unpack it.
        root: of this repository.

    Raises:
        CannotBeDone: the artifact is missing or not what its card vouches for.
        SourceMissing: `root` is no checkout of this repository.
    """
    return Archives(model_archive(artifact, serving), source_archive(root))


def model_archive(artifact: Path, serving: Serving) -> Archive:
    """The artifact as SageMaker unpacks it into /opt/ml/model.

    Raises:
        CannotBeDone: the artifact is missing or not what its card vouches for.
    """
    card = load(artifact).card
    if serving is Serving.TENSORFLOW:
        packed = _files(artifact / SAVED_MODEL, _TENSORFLOW_FOLDER)
    else:
        packed = _files(artifact, "")
    noted = {"name": str(card["name"]), "version": str(card["version"])}
    return Archive(gzip.compress(_tar(packed), mtime=0), noted)


def source_archive(root: Path) -> Archive:
    """The repository as far as the bot's machine and the image builds need it.

    Raises:
        SourceMissing: a file or folder is not there.
    """
    for name in (*SOURCE_FOLDERS, *SOURCE_FILES):
        if not (root / name).exists():
            raise SourceMissing(f"{root} is no checkout of this repository: {name} is missing")
    packed: dict[str, bytes] = {name: (root / name).read_bytes() for name in SOURCE_FILES}
    for folder in SOURCE_FOLDERS:
        packed |= _files(root / folder, folder)
    return Archive(_zip(packed), {})


def _files(folder: Path, under: str) -> dict[str, bytes]:
    """Contents by their path inside the archive, which begins with `under`."""
    prefix = f"{under}/" if under else ""
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in _walked(folder, prefix)
    }


def _walked(folder: Path, prefix: str) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = f"/{prefix}{path.relative_to(folder).as_posix()}/"
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not any(f"/{out}/" in name for out in _LEFT_OUT):
            yield path


def _tar(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), _MODE
            tar.addfile(entry, io.BytesIO(files[name]))
    return packed.getvalue()


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DATE)
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is packed
            archive.writestr(entry, files[name])
    return packed.getvalue()
