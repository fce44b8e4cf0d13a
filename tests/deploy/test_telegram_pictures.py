"""Which bytes are a picture: only whole PNG, JPEG and WebP files, and how large they are."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.telegram.state.images import Picture, picture
from tests.deploy.local_chat import png

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04JF"
    b"\xff\xc2\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
    b"\xff\xda\x00\x02\x00\xff\xd9"
)


def webp(kind: bytes, content: bytes) -> bytes:
    """A WebP file with one chunk."""
    padded = content.ljust(20, b"\0")
    chunk = kind + struct.pack("<I", len(padded)) + padded
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


WHOLE = [
    (png(3, 2), Picture("image/png", 3, 2)),
    (JPEG, Picture("image/jpeg", 3, 2)),
    (webp(b"VP8X", b"\0\0\0\0\x02\0\0\x01\0\0"), Picture("image/webp", 3, 2)),
    (webp(b"VP8L", b"\x2f\x02\x40\0\0"), Picture("image/webp", 3, 2)),
    (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x03\0\x02\0"), Picture("image/webp", 3, 2)),
]


@pytest.mark.parametrize(("content", "found"), WHOLE)
def test_the_size_is_read_from_the_header(content: bytes, found: Picture) -> None:
    """The answer of sendPhoto says it, and the page reserves the room."""
    assert picture(content) == found


BROKEN = [
    b"",
    b"<html>",
    b"GIF89a",
    png()[:-1],
    png()[:20],
    png(3, 0),
    png()[:45] + b"\xff" + png()[46:],
    JPEG[:-2],
    JPEG.replace(b"\xff\xc2", b"\xff\xc4"),
    JPEG.replace(b"\x00\x02\x00\x03", b"\x00\x00\x00\x03"),
    webp(b"VP8X", b"")[:25],
    webp(b"NONE", b""),
]


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_cut_or_damaged_is_no_picture(content: bytes) -> None:
    """Telegram answers IMAGE_PROCESS_FAILED."""
    assert picture(content) is None


@given(st.sampled_from([one for one, _ in WHOLE]), st.integers(0, 80), st.binary(max_size=40))
def test_reading_never_breaks(content: bytes, cut: int, more: bytes) -> None:
    """Uploads come from anywhere."""
    found = picture(content[:cut] + more)

    assert found is None or found.media_type.startswith("image/")
