"""Small valid PNG files, for tests in which a picture is sent but not looked at."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(number: float) -> bytes:
    """A grey picture of 30 by 20 pixels that differs with `number`."""
    header = struct.pack(">IIBBBBB", 30, 20, 8, 0, 0, 0, 0)
    rows = (b"\x00" + b"\x80" * 30) * 20
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"tEXt", f"number\x00{number!r}".encode())
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
