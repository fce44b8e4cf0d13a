"""Names of B3 shares: what people type, what Yahoo wants, what people read.

"itub4", "ITUB4.SA", " $Itub4 " ──parse_ticker()──▶ "ITUB4.SA" ──shown()──▶ "ITUB4"
"""

import re
from typing import NewType

from bot.errors import UnknownTicker

Ticker = NewType("Ticker", str)
"""A B3 share in Yahoo's spelling: upper case, with the suffix `.SA`."""

SUFFIX = ".SA"

# Four letters or digits of the issuer (B3SA, ITUB, 3 letters never) and one or two digits of the
# class: 3 ordinary, 4-8 preferred, 11 units and funds, 31-39 depositary receipts of foreign shares.
# Source: B3, "Códigos de negociação".
_B3_CODE = re.compile(r"[A-Z][A-Z0-9]{3}(?:[3-8]|1[0-9]|3[1-9])")


def parse_ticker(text: str) -> Ticker:
    """Read a share's name as typed by a person: any case, with or without `.SA`.

    Raises:
        UnknownTicker: it does not have the form of a B3 share's code.
    """
    code = text.strip().removeprefix("$").upper().removesuffix(SUFFIX)
    if not _B3_CODE.fullmatch(code):
        raise UnknownTicker(text)
    return Ticker(code + SUFFIX)


def shown(ticker: str) -> str:
    """The share's name as people read it, without Yahoo's suffix."""
    return ticker.removesuffix(SUFFIX)
