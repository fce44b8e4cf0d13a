"""Fuzz targets that are short texts: what people type, what buttons carry, names of shares."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hypothesis import strategies as st

from bot.domain.subscriptions import read_cancellation, read_request, readable
from bot.domain.tickers import parse_ticker
from bot.errors import UnknownTicker
from bot.wording import buttons, markup, privacy, subscription_buttons
from bot.wording.alarms import buttons as alarm_buttons
from tests.fuzz.target import Attempt, Target

SHARES = st.from_regex(r"\A[$]?[A-Za-z0-9]{0,5}[0-9]{0,3}(\.SA)?\Z")
HOURS = st.from_regex(r"\A(às )?[0-9]{0,3}[:hH.]?[0-9]{0,3}h?\Z")
PIECES = st.one_of(
    SHARES,
    HOURS,
    st.sampled_from(["todas", "às", ",", ";", " e ", "*", "BRT", "de", "\n", "\u00a0", "٠٩:٣٠"]),
    st.text(max_size=8),
)
TYPED = st.lists(PIECES, max_size=8).map(" ".join)

_PREFIXES = st.sampled_from(
    [
        *(subscription_buttons.PREFIX, subscription_buttons.BELOW, privacy.PREFIX),
        *(alarm_buttons.PREFIX, buttons.CHART_ASKED, "hoje", "proximos", ""),
    ]
)
_CARRIED = st.sampled_from(
    ["lista", "som", "horas", "hora", "cancelar", "sim", "r", "l", "s4", "*", "1", "0930", "2460"]
)
PRESSES = st.builds(
    lambda prefix, rest: ":".join((prefix, *rest)),
    _PREFIXES,
    st.lists(_CARRIED | SHARES | st.lists(SHARES, max_size=3).map(",".join) | PIECES, max_size=4),
)


@contextmanager
def _typing() -> Iterator[Attempt]:
    yield _type


def _type(text: str) -> None:
    read_request(text)
    readable(read_cancellation(text) or ())
    markup.plain(text)
    with suppress(UnknownTicker):
        assert parse_ticker(text).isascii()


@contextmanager
def _pressing() -> Iterator[Attempt]:
    yield _press


def _press(carried: str) -> None:
    pressed = subscription_buttons.read_press(carried)
    alarm_buttons.read_press(carried)
    if pressed:
        subscription_buttons.hours(pressed.shares)


TARGETS = (
    Target("typed words", TYPED | st.text(max_size=60), _typing, 170_000),
    Target("callback data", PRESSES | st.text(max_size=64), _pressing, 170_000),
)
