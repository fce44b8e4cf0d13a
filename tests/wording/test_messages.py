"""Captions of forecasts: the rules that hold for all of them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closes import Adjustment, Origin
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.wording.about import DISCLAIMER
from bot.wording.buttons import Horizon
from bot.wording.markup import plain, telegram_length
from bot.wording.messages import SIMULATED, caption, listed
from tests.wording import scenes

CAPTION_LIMIT = 1024
"""Bot API, sendPhoto."""

SESSIONS = st.dates(date(2026, 1, 2), date(2026, 7, 28))


@st.composite
def outlooks(draw: st.DrawFn) -> Outlook:
    """Any scene at any price, with any notes that a window can carry."""
    scene = draw(st.sampled_from(list(scenes.SCENES.values())))
    factor = draw(st.floats(1e-2 / 42, 1e6 / 42))
    outlook = scenes.at_level(factor, scene)
    adjustment = st.builds(Adjustment, SESSIONS, st.floats(0.01, 100))
    window = replace(
        outlook.window,
        origin=draw(st.sampled_from(Origin)),
        kept_at=draw(st.none() | st.datetimes(datetime(2026, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - the strategy adds the zone
        missing=tuple(draw(st.lists(SESSIONS, max_size=5))),
        adjustments=tuple(draw(st.lists(adjustment, max_size=20))),
    )
    return replace(outlook, window=window)


@given(outlooks(), st.sampled_from(Horizon))
def test_every_caption_fits_below_a_picture(outlook: Outlook, horizon: Horizon) -> None:
    """Telegram refuses a caption over 1024, and the person gets nothing."""
    assert telegram_length(caption(outlook, horizon)) <= CAPTION_LIMIT


@given(outlooks(), st.sampled_from(Horizon))
def test_every_caption_ends_by_saying_that_it_is_no_advice(
    outlook: Outlook, horizon: Horizon
) -> None:
    """No forecast leaves the house without it."""
    assert caption(outlook, horizon).splitlines()[-1] == DISCLAIMER


@given(outlooks(), st.sampled_from(Horizon))
def test_only_invented_prices_are_marked_and_always_first(
    outlook: Outlook, horizon: Horizon
) -> None:
    """Nobody may take an invented price for a real one, nor doubt a real one."""
    first = plain(caption(outlook, horizon)).splitlines()[0]

    assert (first == SIMULATED) == (outlook.window.origin is Origin.SIMULATED)


@given(outlooks(), st.sampled_from(Horizon))
def test_tags_come_in_pairs_and_nothing_else_looks_like_one(
    outlook: Outlook, horizon: Horizon
) -> None:
    """Telegram refuses a message with a tag left open."""
    tags = re.findall(r"<[^>]*>", caption(outlook, horizon))

    assert tags == ["<b>", "</b>"] * (len(tags) // 2)


def test_a_share_s_name_cannot_carry_markup() -> None:
    """Names are checked long before, but the message does not rely on it."""
    hostile = replace(scenes.REFERENCE, ticker=Ticker("A<b>&.SA"))

    assert caption(hostile, Horizon.TODAY).startswith("<b>A&lt;b&gt;&amp;</b> · ")


@pytest.mark.parametrize(
    ("closed", "verdict"),
    [
        (42.25, "Dentro"),
        (43.48, "Dentro"),
        (42.24, "Fora"),
        (43.49, "Fora"),
    ],
)
def test_the_edges_of_the_band_belong_to_it(closed: float, verdict: str) -> None:
    """The record that people keep in their heads must agree with the scoreboard's."""
    lines = caption(replace(scenes.CLOSED, closed=closed), Horizon.TODAY).splitlines()

    assert lines[2] == f"{verdict} da faixa de 80 %: R$ 42,25 a R$ 43,48"


def test_the_outcome_is_the_same_whether_or_not_the_window_has_today_s_close() -> None:
    """Repeating today's own close is never wrong: the forecast must not be measured by it."""
    before_open = replace(scenes.CLOSED, window=scenes.window())

    assert caption(before_open, Horizon.TODAY) == caption(scenes.CLOSED, Horizon.TODAY)


def test_a_close_that_has_not_come_yet_is_no_gap_in_today_s_window() -> None:
    """Today's forecast never starts from today's close; those of the coming sessions would."""
    gap = "Falta na fonte o pregão de 29/07; a previsão vale menos."
    told = {horizon: gap in caption(scenes.WAITING, horizon) for horizon in Horizon}

    assert told == {Horizon.TODAY: False, Horizon.COMING: True}


def test_many_corporate_actions_are_counted_instead_of_named() -> None:
    """A list of them would push the forecast out of the caption."""
    found = tuple(Adjustment(date(2026, 7, day), 0.5) for day in range(1, 5))
    outlook = replace(scenes.REFERENCE, window=replace(scenes.REFERENCE.window, adjustments=found))

    assert (
        caption(outlook, Horizon.TODAY).splitlines()[-2]
        == "Histórico ajustado por 4 eventos societários."
    )


def test_a_single_session_ahead_is_said_in_the_singular() -> None:
    """`1 pregões` reads like a machine."""
    outlook = replace(scenes.LAGGING, coming=scenes.coming(count=1))

    lines = caption(outlook, Horizon.COMING).splitlines()

    assert (lines[0], lines[3]) == (
        "<b>ITUB4</b> · próximo pregão",
        "O último fechamento que tenho é antigo: por isso só alcanço 1 pregão em vez de 5.",
    )


@pytest.mark.parametrize(
    ("words", "said"), [(["a"], "a"), (["a", "b"], "a e b"), (["a", "b", "c"], "a, b e c")]
)
def test_a_list_reads_like_a_sentence(words: list[str], said: str) -> None:
    """Portuguese puts `e` before the last."""
    assert listed(words) == said
