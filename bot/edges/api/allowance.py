"""How often one address may ask, in bounded memory.

A token bucket kept as one number per address: the moment at which its bucket is full again (the
generic cell rate algorithm, ITU-T I.371).  An address that is forgotten starts with a full bucket,
so that many addresses make the limit softer but never the memory larger.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

MOST_ADDRESSES = 10_000
"""About 2 MB."""

ROUNDING = 1e-6
"""Seconds that sums of fractions may be off by; the burst's last request is not refused for it."""

SITE_BITS = 64
"""Leading bits of an IPv6 address that tell customers apart; each has all addresses below."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often one address may ask.

    Attributes:
        per_minute: requests a minute in the long run.
        burst: requests at once after a pause.
    """

    per_minute: float
    burst: int


class Allowance:
    """Buckets by address; `monotonic` gives seconds that never go back."""

    def __init__(
        self, rate: Rate, monotonic: Callable[[], float], most: int = MOST_ADDRESSES
    ) -> None:
        self._apart = 60 / rate.per_minute
        self._ahead = self._apart * (rate.burst - 1)
        self._monotonic = monotonic
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, address: str) -> int:
        """Take one request from the bucket of `address`; 0, or the seconds until there is one."""
        now = self._monotonic()
        full_at = max(self._full_at.get(address, now), now)
        wait = full_at - now - self._ahead
        if wait > ROUNDING:
            return ceil(wait)
        self._full_at[address] = full_at + self._apart
        self._full_at.move_to_end(address)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return 0


def caller(peer: str, forwarded: Sequence[str], proxies: int) -> str:
    """Whom a request counts for.

    Args:
        peer: address of the other end of the connection.
        forwarded: addresses in `X-Forwarded-For`, in its order: each proxy appends whom it saw.
        proxies: how many proxies of ours stand in front; what others wrote is not believed.

    Returns:
        The address that the outermost of our proxies saw; an IPv6 address stands for its site.
    """
    seen = [*forwarded, peer]
    return _site(seen[-1 - min(proxies, len(seen) - 1)])


def _site(address: str) -> str:
    try:
        found = ip_address(address.strip())
    except ValueError:
        return address[:64]  # a proxy's own name for somebody; bounded like all that is remembered
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> SITE_BITS << SITE_BITS))
