"""`make sbom`: every package that an installation brings, as CycloneDX 1.6 in docs/sbom.json.

    requirements.txt ─▶ names, pins, who needs whom      installed packages ─▶ licences

The same pins give the same file: it has no time and no number of its own, so that a difference
between two of them is a difference between installations.  https://cyclonedx.org/docs/1.6/json/
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WRITTEN = ROOT / "docs" / "sbom.json"
LONGEST_LICENCE = 60
"""Letters; some packages put the whole text where its name should be."""

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==(?P<version>[^\s;]+)"
    r"(?:\s*;\s*(?P<where>[^#]*?))?\s*(?:#\s*via (?P<via>.*))?"
)
_CLASSIFIED = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of requirements.txt.

    Attributes:
        where: the machines that get it, as a marker; empty for all.
        via: the packages that need it, the project's own file among them.
    """

    name: str
    version: str
    where: str = ""
    via: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        """https://github.com/package-url/purl-spec, in the form for Python."""
        return f"pkg:pypi/{plain(self.name)}@{self.version}"


def plain(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(lines: Iterable[str]) -> Iterator[Pin]:
    """The pins of a file that `make lock` wrote."""
    for line in lines:
        if found := _PIN.fullmatch(line.strip()):
            via = tuple(each.strip() for each in (found["via"] or "").split(",") if each.strip())
            yield Pin(found["name"], found["version"], found["where"] or "", via)


def bill(pins: Iterable[Pin], version: str) -> dict[str, Any]:
    """The document."""
    listed = sorted(pins, key=lambda pin: (plain(pin.name), pin.version))
    ours = {"bom-ref": "fechamento", "type": "application", "name": "fechamento"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**ours, "version": version}},
        "components": [_component(pin) for pin in listed],
        "dependencies": [
            {"ref": ref, "dependsOn": needed} for ref, needed in sorted(_needed(listed).items())
        ],
    }


def _component(pin: Pin) -> dict[str, Any]:
    component: dict[str, Any] = {
        "bom-ref": pin.purl,
        "type": "library",
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
    }
    if licence := _licence(pin):
        component["licenses"] = [licence]
    if pin.where:
        component["properties"] = [{"name": "python:marker", "value": pin.where}]
    return component


def _licence(pin: Pin) -> dict[str, Any] | None:
    """What the installed package says of itself; None where it is not installed, or silent."""
    try:
        package = distribution(pin.name)
    except PackageNotFoundError:
        return None
    if expression := package.metadata.json.get("license_expression"):
        return {"expression": expression}
    name = _named(package)
    return {"license": {"name": name}} if name else None


def _named(package: Distribution) -> str:
    told = str(package.metadata.json.get("license", "")).strip()
    if told and len(told) <= LONGEST_LICENCE and "\n" not in told:
        return told
    classified = package.metadata.get_all("Classifier") or []
    names = [each.removeprefix(_CLASSIFIED) for each in classified if each.startswith(_CLASSIFIED)]
    return ", ".join(names)


def _needed(pins: list[Pin]) -> dict[str, list[str]]:
    """What each package, and the project, needs; by reference."""
    by_name: dict[str, list[str]] = {}
    for pin in pins:
        by_name.setdefault(plain(pin.name), []).append(pin.purl)
    needed: dict[str, list[str]] = {ref: [] for ref in ("fechamento", *(p.purl for p in pins))}
    for pin in pins:
        for user in pin.via:
            for ref in by_name.get(plain(user), ["fechamento"]):
                needed[ref].append(pin.purl)
    return needed


def current() -> dict[str, Any]:
    """The document of this tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return bill(read_pins(lines), project["version"])


if __name__ == "__main__":
    WRITTEN.write_text(json.dumps(current(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{WRITTEN.relative_to(ROOT)} written\n")
