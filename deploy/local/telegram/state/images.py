"""Whether bytes are a picture, and how large, read from their headers alone.

Telegram decodes what is sent as a photo and refuses what it cannot.  This reads PNG chunk by
chunk with its checksums, JPEG segment by segment, and WebP's first chunk; a cut or damaged
upload is noticed, the pixels are not looked at.
"""

import struct
import zlib
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_JPEG_ENDS = b"\xff\xd9"
# SOF0 … SOF15 carry the size; C4, C8 and CC in between are tables (ITU T.81, table B.1).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_VP8L_SIGNATURE = 0x2F
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_WEBP_HEADER = 30


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found: its type and its size in pixels."""

    media_type: str
    width: int
    height: int


def picture(content: bytes) -> Picture | None:
    """Read the headers of a PNG, JPEG or WebP; None when it is not a whole one of them."""
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(_JPEG):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        pass  # it ends before its own headers say
    return None


def _png(content: bytes) -> Picture | None:
    at, size = len(_PNG), None
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(content[at + 4 : at + 8 + length]) != checksum:
            return None
        if kind == b"IHDR":
            size = struct.unpack_from(">II", content, at + 8)
        if kind == b"IEND":
            return Picture("image/png", *size) if size and all(size) else None
        at += 12 + length


def _jpeg(content: bytes) -> Picture | None:
    if _JPEG_ENDS not in content[-64:]:
        return None
    at = 2
    while content[at] == _JPEG[0]:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return Picture("image/jpeg", width, height) if width and height else None
        skipped = 0 if marker in _ALONE else struct.unpack_from(">H", content, at + 2)[0]
        at += 2 + skipped
    return None


def _webp(content: bytes) -> Picture | None:
    (length,) = struct.unpack_from("<I", content, 4)
    if len(content) < max(length + 8, _WEBP_HEADER):
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8L" and content[20] == _VP8L_SIGNATURE:
        (packed,) = struct.unpack_from("<I", content, 21)
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, 26))
    else:
        return None
    return Picture("image/webp", width, height)
