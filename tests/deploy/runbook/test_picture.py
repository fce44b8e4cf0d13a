"""The picture of the architecture shows what there is."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.deploy.runbook.deployments import resources

DOCS = Path(__file__).parents[3] / "docs"
SOURCE = (DOCS / "arquitetura.mmd").read_text(encoding="utf-8")
PICTURE = (DOCS / "arquitetura.svg").read_text(encoding="utf-8")
BOXES = re.findall(r'"([^"]+)<br/>([^"]+)"', SOURCE)
GROUPS = re.findall(r'subgraph \w+\["[^"]+: (AWS::[\w:]+)"\]', SOURCE)


@pytest.mark.parametrize("named", sorted({place for _, place in BOXES} | set(GROUPS)))
def test_every_box_exists(named: str) -> None:
    """A folder of the repository or a resource of the stack; a picture ages in silence."""
    if named.startswith("AWS::"):
        assert named in set(resources().values())
    else:
        assert (DOCS.parent / named).is_dir()


def test_there_are_boxes_for_both() -> None:
    """Otherwise the test above would look at nothing."""
    kinds = {place.startswith("AWS::") for _, place in BOXES}

    assert (kinds, len(BOXES) >= 15, len(GROUPS)) == ({True, False}, True, 1)


def test_the_picture_was_drawn_from_this_text() -> None:
    """`docs/draw.sh` leaves the hash of the text in it."""
    drawn = re.findall(r"<!-- sha256 of arquitetura\.mmd: ([0-9a-f]{64}) -->", PICTURE)

    assert drawn == [hashlib.sha256(SOURCE.encode()).hexdigest()]


@pytest.mark.parametrize("label", sorted({label for label, _ in BOXES}))
def test_every_label_can_be_read_in_the_picture(label: str) -> None:
    """The drawing splits lines into words."""
    shown = re.sub(r"\s+", " ", " ".join(re.findall(r">([^<>]+)<", PICTURE)))

    assert " ".join(label.split()) in shown
