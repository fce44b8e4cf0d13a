"""The list of what an installation brings."""

import json

from tests import sbom
from tests.sbom import WRITTEN, Pin, bill, read_pins


def test_pins_are_read_with_their_machines_and_their_reason() -> None:
    """All three kinds of line that the lock writes."""
    lines = [
        "",
        "# a remark",
        "aiohttp==3.14.5           # via mlflow, yarl",
        "pywin32==311 ; sys_platform == 'win32'  # via mlflow",
        "uvicorn[standard]==0.40.0  # via fechamento (pyproject.toml)",
        "uv==0.9.1",
    ]

    assert list(read_pins(lines)) == [
        Pin("aiohttp", "3.14.5", "", ("mlflow", "yarl")),
        Pin("pywin32", "311", "sys_platform == 'win32'", ("mlflow",)),
        Pin("uvicorn", "0.40.0", "", ("fechamento (pyproject.toml)",)),
        Pin("uv", "0.9.1"),
    ]


def test_who_needs_whom_follows_from_the_pins() -> None:
    """When an advisory names a package, one has to know how it came here."""
    pins = [Pin("No.Such_One", "2", via=("no-such-two",)), Pin("no-such-two", "1", via=("ours",))]

    assert bill(pins, "0.1") == {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": "fechamento",
                "type": "application",
                "name": "fechamento",
                "version": "0.1",
            }
        },
        "components": [
            {
                "bom-ref": "pkg:pypi/no-such-one@2",
                "type": "library",
                "name": "No.Such_One",
                "version": "2",
                "purl": "pkg:pypi/no-such-one@2",
            },
            {
                "bom-ref": "pkg:pypi/no-such-two@1",
                "type": "library",
                "name": "no-such-two",
                "version": "1",
                "purl": "pkg:pypi/no-such-two@1",
            },
        ],
        "dependencies": [
            {"ref": "fechamento", "dependsOn": ["pkg:pypi/no-such-two@1"]},
            {"ref": "pkg:pypi/no-such-one@2", "dependsOn": []},
            {"ref": "pkg:pypi/no-such-two@1", "dependsOn": ["pkg:pypi/no-such-one@2"]},
        ],
    }


def test_the_written_list_is_of_these_pins() -> None:
    """A list of other versions answers the wrong question; `make sbom` writes it again."""
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))
    pins = {each["purl"] for each in sbom.current()["components"]}

    assert {each["purl"] for each in written["components"]} == pins
