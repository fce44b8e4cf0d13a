import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tickers import parse_ticker, shown
from bot.errors import UnknownTicker


@pytest.mark.parametrize(
    ("typed", "ticker"),
    [
        ("ITUB4", "ITUB4.SA"),
        ("itub4.sa", "ITUB4.SA"),
        ("  $Itub4 ", "ITUB4.SA"),
        ("b3sa3", "B3SA3.SA"),
        ("bpac11", "BPAC11.SA"),
        ("AAPL34", "AAPL34.SA"),
    ],
)
def test_a_share_is_recognised_however_it_is_typed(typed: str, ticker: str) -> None:
    """Phones capitalise, people add a dollar sign or Yahoo's suffix."""
    assert parse_ticker(typed) == ticker


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ITUB",
        "ITUB9",
        "ITU4",
        "ITUB44",
        "ITUB4.SA.SA",
        "../ITUB4",
        "ITUB4\n.csv",
        "ITUB4/..",
        "^BVSP",
        "İTUB4",
        "ITUB٤",
    ],
)
def test_what_is_no_share_s_code_is_refused_as_typed(typed: str) -> None:
    """Nothing else reaches a file name or a URL; the answer can quote what was typed."""
    with pytest.raises(UnknownTicker) as refused:
        parse_ticker(typed)

    assert refused.value.text == typed


@given(st.text(max_size=12))
def test_any_text_is_a_share_or_refused(typed: str) -> None:
    """Hostile text never ends in another error."""
    try:
        ticker = parse_ticker(typed)
    except UnknownTicker:
        return

    assert ticker.isascii()
    assert parse_ticker(ticker) == ticker
    assert parse_ticker(shown(ticker)) == ticker
