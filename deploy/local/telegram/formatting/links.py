"""Which link targets Telegram takes; anything else loses the link and keeps its text."""

import re
from urllib.parse import parse_qs, urlsplit

from deploy.local.telegram.formatting.marked import Entity

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}|\[[0-9a-f:.]+\]|localhost", re.IGNORECASE)
_APP_SCHEMES = ("tg", "ton", "tonsite")


def checked_link(url: str) -> str:
    """The link as Telegram stores it, with a scheme; empty when it is none.

    >>> checked_link("b3.com.br")
    'http://b3.com.br/'
    """
    text = url.strip()
    if not _SCHEME.match(text) or re.match(r"[^/:]+:\d", text):
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme.lower() in _APP_SCHEMES:
        return text if parts.netloc or parts.path else ""
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(parts.hostname or ""):
        return ""
    return text if parts.path or parts.query or parts.fragment else f"{text}/"


def mentioned_user(url: str) -> int:
    """Whom tg://user?id=… names; 0 when it is another link."""
    if not url.lower().startswith("tg://user?"):
        return 0
    identifier = parse_qs(url.partition("?")[2]).get("id", [""])[0]
    return int(identifier) if identifier.isdecimal() and identifier.isascii() else 0


def mention_or_link(url: str, offset: int, length: int) -> list[Entity]:
    """The entity for text linked to `url`; none when Telegram would not link it."""
    if user := mentioned_user(url):
        return [Entity("text_mention", offset, length, user=user)]
    link = checked_link(url)
    return [Entity("text_link", offset, length, url=link)] if link else []
