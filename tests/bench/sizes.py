"""How large what is installed is: `python -m tests.bench.sizes`.

Sizes are sums of the files that each installed package names as its own, without the bytecode that
Python makes of them, as a fresh installation has it.  An extra is its packages and all that these
need.  An image is its base, its packages and our code; what the base weighs is estimated from this
machine: Debian's essential packages and the interpreter.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.bench.rows import Row

ROOT = Path(__file__).parents[2]
PROJECT = "fechamento"
BARS: Mapping[str, float | None] = {"bot": 400, "serving": None, "model": None, "deploy": None}
IMAGES = {"bot": "bot.txt", "serving": "serving.txt"}
"""What `deploy/containers` installs into each image."""
SHOWN = 8
MEGABYTE = 1e6
NEVER_IN_THE_BOT = ("tensorflow", "keras", "sagemaker", "scikit-learn")


def rows() -> list[Row]:
    """Each extra, the largest packages of the bot's, and the images."""
    found = [_extra(name, bar) for name, bar in BARS.items()]
    bot = needed(PROJECT, "bot")
    largest = sorted(bot, key=lambda name: -megabytes(bot[name]))[:SHOWN]
    return [
        *found,
        *(Row(f"size: of which {name}", megabytes(bot[name]), "MB") for name in largest),
        Row(
            "size: training libraries in the bot's extra",
            len(bot.keys() & set(NEVER_IN_THE_BOT)),
            "",
            0,
        ),
        *_images(),
    ]


def needed(project: str, extra: str) -> dict[str, Distribution]:
    """The installed packages that an extra needs, by name, the project itself left out."""
    found: dict[str, Distribution] = {}
    seen, left = set[str](), [Requirement(f"{project}[{extra}]")]
    while left:
        wanted = left.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:  # for another platform
            continue
        found[canonicalize_name(wanted.name)] = package
        left += _wanted_by(package, wanted.extras)
    found.pop(canonicalize_name(project), None)
    return found


def _wanted_by(package: Distribution, extras: Iterable[str]) -> list[Requirement]:
    found = map(Requirement, package.requires or ())
    named = [*extras, ""]
    return [
        one
        for one in found
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in named)
    ]


def megabytes(package: Distribution) -> float:
    """The files of a package on this disk, without bytecode."""
    paths = (Path(str(file.locate())) for file in package.files or () if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.exists()) / MEGABYTE


def _extra(name: str, bar: float | None) -> Row:
    packages = needed(PROJECT, name)
    total = sum(map(megabytes, packages.values()))
    return Row(f"size: extra [{name}], {len(packages)} packages", total, "MB", bar)


def _images() -> list[Row]:
    base = _debian() + _interpreter()
    told = [Row("size: base of an image, estimated here", base, "MB")] if base else []
    for image, lock in IMAGES.items():
        path = ROOT / "deploy" / "containers" / lock
        if path.exists():
            packages = sum(map(megabytes, _locked(path)))
            told += [
                Row(f"size: packages of the image {image}", packages, "MB"),
                Row(f"size: image {image}, base included", base + packages + _own(), "MB"),
            ]
    return told


def _locked(path: Path) -> list[Distribution]:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", path.read_text(encoding="utf-8"), re.MULTILINE)
    found = []
    for name in names:
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def _own() -> float:
    """Our code, without the parts that no image takes."""
    files = (
        path
        for part in ("bot", "deploy/local", "deploy/containers")
        for path in (ROOT / part).rglob("*")
    )
    return sum(f.stat().st_size for f in files if f.is_file() and f.suffix != ".pyc") / MEGABYTE


def _debian() -> float:
    """Debian's essential and required packages, as installed here; 0 on another system."""
    if shutil.which("dpkg-query") is None:
        return 0.0
    command = ["dpkg-query", "-W", "-f", "${Installed-Size} ${Priority} ${Essential}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = (line.split() for line in listed.splitlines())
    kilobytes = (int(size) for size, *rest in words if "required" in rest or "yes" in rest)
    return sum(kilobytes) * 1024 / MEGABYTE


def _interpreter() -> float:
    """The interpreter's library without its own tests, and its program."""
    library = Path(sys.base_prefix) / "lib"
    files = (
        path
        for path in library.rglob("*")
        if path.is_file()
        and not {"test", "tests", "site-packages", "__pycache__"} & set(path.parts)
    )
    return sum(path.lstat().st_size for path in files if not path.is_symlink()) / MEGABYTE


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
