"""Tells Python, inside an image, that this project is installed there and in which version.

`python installed.py pyproject.toml FOLDER` writes what `importlib.metadata` reads, beside the
packages.  Building a wheel for two lines would fetch a build system that nobody has pinned.
"""

import sys
import tomllib
from pathlib import Path


def main(pyproject: Path, packages: Path) -> None:
    """Write the metadata of the project that `pyproject` describes into `packages`."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    folder = packages / f"{name}-{version}.dist-info"
    folder.mkdir()
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / "METADATA").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
