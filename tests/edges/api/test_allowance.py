"""The token bucket, and whom a request counts for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edges.api.allowance import Allowance, Rate, caller

ALL_DAY = 24 * 3600


class Seconds:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        """The time that it was set to."""
        return self.now


def bucket_of_tokens(rate: Rate, moments: list[float]) -> list[bool]:
    """The textbook: tokens that fall into a bucket, one taken by each request that is let in."""
    tokens, last, let_in = float(rate.burst), moments[0] if moments else 0.0, []
    for now in moments:
        tokens = min(tokens + (now - last) * rate.per_minute / 60, rate.burst)
        last = now
        let_in.append(tokens >= 1 - 1e-9)
        tokens -= let_in[-1]
    return let_in


@given(
    rate=st.builds(Rate, st.sampled_from([6.0, 60.0, 240.0]), st.integers(1, 5)),
    pauses=st.lists(st.integers(0, 80).map(lambda quarter: quarter / 4), max_size=60),
)
def test_it_lets_in_what_a_bucket_of_tokens_lets_in(rate: Rate, pauses: list[float]) -> None:
    """One number per address says the same as the textbook's two."""
    clock, moments, let_in = Seconds(), [], []
    allowance = Allowance(rate, clock)
    for pause in pauses:
        clock.now += pause
        moments.append(clock.now)
        let_in.append(allowance.take("a") == 0)

    assert let_in == bucket_of_tokens(rate, moments)


@given(
    rate=st.builds(Rate, st.floats(1, 600), st.integers(1, 50)),
    asked=st.integers(1, 100),
    start=st.floats(0, ALL_DAY),
)
def test_who_waits_as_long_as_told_is_let_in(rate: Rate, asked: int, start: float) -> None:
    """`Retry-After` is a promise."""
    clock = Seconds()
    clock.now = start
    allowance = Allowance(rate, clock)
    waits = [allowance.take("a") for _ in range(asked)]
    clock.now += waits[-1]

    assert (waits[-1] > 0) == (asked > rate.burst)
    assert waits[-1] == 0 or allowance.take("a") == 0


def test_memory_is_bounded_whatever_number_of_addresses_asks() -> None:
    """An attacker has more addresses than we have memory; the oldest are forgotten."""
    allowance = Allowance(Rate(60, 1), Seconds(), most=3)
    first = [allowance.take(f"address {n}") for n in range(1_000)]
    newest = [allowance.take(f"address {n}") for n in (997, 998, 999)]

    assert (set(first), newest) == ({0}, [1, 1, 1])
    assert len(allowance._full_at) == 3


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("198.51.100.1", ["6.6.6.6"], 0, "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], 1, "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1", "10.0.0.2"], 2, "198.51.100.1"),
        ("10.0.0.1", [], 1, "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], 5, "198.51.100.1"),
        ("10.0.0.1", [" 2001:db8::1 "], 1, "2001:db8::"),
        ("2001:db8:0:0:ffff::7", [], 0, "2001:db8::"),
        ("2001:db8:0:1::7", [], 0, "2001:db8:0:1::"),
        ("::ffff:198.51.100.1", [], 0, "198.51.100.1"),
        ("10.0.0.1", ["unknown" * 100], 1, ("unknown" * 100)[:64]),
        ("", [], 0, ""),
    ],
)
def test_a_request_counts_for_whom_our_own_proxies_saw(
    peer: str, forwarded: list[str], proxies: int, expected: str
) -> None:
    """And a customer's 2^64 addresses of IPv6 are one customer."""
    assert caller(peer, forwarded, proxies) == expected
