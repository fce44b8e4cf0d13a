"""How every page is sent: its style inside it, and a policy that allows nothing else.

The policy names the style by its hash, so that not even a mistake in escaping could run a script or
fetch anything.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import bot.wording.page
from bot.edges.api.refusals import Refusal
from bot.wording import rest
from bot.wording.page.headings import heading
from bot.wording.page.shell import Frame, sorry

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Screens:
    """What all pages share.

    Attributes:
        style: the style sheet, as it stands in each page.
        headers: what keeps browsers from doing anything else with a page.
    """

    style: str
    headers: dict[str, str]

    @classmethod
    def load(cls) -> "Screens":
        """Read the style sheet."""
        style = Path(bot.wording.page.__file__).with_name("style.css").read_text(encoding="utf-8")
        return cls(style, {"content-security-policy": _policy(style), **_HEADERS})

    def sorry(self, found: Refusal) -> bytes:
        """A page that says why there is nothing else."""
        title = found.heading or heading(found.status)
        sentence = found.page or found.sentence or rest.ODD_REQUEST
        return sorry(title, sentence, Frame(self.style)).encode()


_HEADERS = {
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
