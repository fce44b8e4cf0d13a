"""What was uploaded, by the identifiers that Telegram gives out; the same bytes, the same file."""

import base64
import hashlib
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import PurePosixPath

from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.state.images import Picture, picture

MOST_PHOTO_BYTES = 10 * 1024 * 1024
"""https://core.telegram.org/bots/api#sending-files"""

MOST_BYTES = 50 * 1024 * 1024
"""The same page, for everything that is not a photo."""

MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024
"""https://core.telegram.org/bots/api#getfile"""

_LARGEST_SIDES = 10_000
_LARGEST_RATIO = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived in a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as messages refer to it.

    Attributes:
        kind: "photo" or "document".
        file_id: for sending it again.
        unique_id: the same for the same bytes, cannot be sent.
        path: where `getFile` says it is.
        name: as uploaded; empty for photos.
        picture: its size in pixels, when it is a picture.
    """

    kind: str
    file_id: str
    unique_id: str
    path: str
    name: str
    media_type: str
    content: bytes
    picture: Picture | None

    def as_json(self) -> Json:
        """What PhotoSize, Document and File have in common."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def in_message(self) -> Json:
        """The field of a Message that shows it."""
        if self.kind == "photo" and self.picture:
            size = {"width": self.picture.width, "height": self.picture.height}
            return {"photo": [self.as_json() | size]}
        described = {"file_name": self.name, "mime_type": self.media_type}
        return {"document": self.as_json() | described}


@dataclass(slots=True)
class Files:
    """Everything uploaded since the start, by file_id, path and unique identifier."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)
    by_unique_id: dict[str, StoredFile] = field(default_factory=dict)

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an upload.

        Raises:
            Refused: 400, too large, empty, or a photo that is no picture.
        """
        found = picture(upload.content)
        _check(kind, upload, found)
        stored = self._stored(kind, upload, found)
        for index, key in (
            (self.by_id, stored.file_id),
            (self.by_path, stored.path),
            (self.by_unique_id, stored.unique_id),
        ):
            index.setdefault(key, stored)
        return self.by_id[stored.file_id]

    def again(self, kind: str, file_id: str) -> StoredFile:
        """What was uploaded before as the same kind of thing.

        Raises:
            Refused: 400, not known, an address, or something else.
        """
        if file_id.startswith(("http://", "https://")):
            # Nothing here asks the network for anything; Telegram says this of pages it cannot get.
            raise Refused.bad_request("failed to get HTTP URL content")
        stored = self.by_id.get(file_id)
        if stored is None:
            raise Refused.bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            was = stored.kind.capitalize()
            raise Refused.bad_request(f"can't use file of type {was} as {kind.capitalize()}")
        return stored

    @staticmethod
    def _stored(kind: str, upload: Upload, found: Picture | None) -> StoredFile:
        named = "" if kind == "photo" else upload.name
        digest = hashlib.sha256(f"{kind}/{named}/".encode() + upload.content).digest()
        key = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        media_type = found.media_type if found else _media_type(upload)
        suffix = f".{media_type[6:]}" if kind == "photo" else PurePosixPath(upload.name).suffix
        prefix = "AgACAgEAAxkD" if kind == "photo" else "BQACAgEAAxkD"
        return StoredFile(
            kind=kind,
            file_id=prefix + key,
            unique_id="AQAD" + key[:12],
            path=f"{kind}s/{key[:12]}{suffix}",
            name=named,
            media_type=media_type,
            content=upload.content,
            picture=found,
        )


def _media_type(upload: Upload) -> str:
    guessed, _ = guess_type(upload.name)
    return guessed or upload.media_type or "application/octet-stream"


def _check(kind: str, upload: Upload, found: Picture | None) -> None:
    if not upload.content:
        raise Refused.bad_request("file must be non-empty")
    if len(upload.content) > MOST_BYTES:
        raise Refused(413, "Request Entity Too Large")
    if kind != "photo":
        return
    if found is None or len(upload.content) > MOST_PHOTO_BYTES:
        raise Refused.bad_request("IMAGE_PROCESS_FAILED")
    sides = sorted((found.width, found.height))
    if sum(sides) > _LARGEST_SIDES or sides[1] > _LARGEST_RATIO * sides[0]:
        raise Refused.bad_request("PHOTO_INVALID_DIMENSIONS")
