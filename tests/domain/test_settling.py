"""Which close a forecast is measured against, and on which basis."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bars import Bar, DailyBars, Origin, Split
from bot.domain.settling import Past, past, resettled, settled
from bot.domain.track_record import Recorded
from tests.share_bars import B3, at, closes_only, daily, unadjusted, walk
from tests.track_records import forecast_of

DAY = date(2026, 7, 29)
EVENING = at("2026-07-29T17:30")
BARS = walk(DAY)
BEFORE, CAME = BARS[-2].close, BARS[-1].close
FORECAST = replace(forecast_of(DAY), expected=BEFORE, last_close=BEFORE)


def known(bars: tuple[Bar, ...], moment: str = "2026-07-29T17:30", *splits: Split) -> Past:
    """What a source with these bars tells at a moment."""
    found = past(replace(daily(bars, at(moment)), splits=splits), B3, at(moment))
    assert found is not None
    return found


def test_the_close_that_came_stands_beside_the_forecast() -> None:
    """The usual evening."""
    found = settled(FORECAST, known(BARS), EVENING)

    assert found is not None
    assert (found.forecast, found.close, found.factor, found.revision, found.settled_at) == (
        FORECAST,
        CAME,
        1.0,
        0,
        EVENING,
    )


def test_a_close_that_is_not_final_settles_nothing() -> None:
    """The last price of an open session is no close, whatever the source calls it."""
    assert settled(FORECAST, known(BARS, "2026-07-29T17:29"), EVENING) is None


def test_kept_bars_tell_nothing_newer_than_the_moment_they_were_fetched() -> None:
    """Fetched at 15:00 and kept through an outage, the last bar is a price of 15:00."""
    kept = replace(daily(BARS, at("2026-07-29T15:00")), kept=True)
    found = past(kept, B3, EVENING)

    assert found is not None
    assert settled(FORECAST, found, EVENING) is None


def test_invented_prices_settle_nothing() -> None:
    """A true forecast is not measured against an invented close."""
    assert past(daily(BARS, EVENING, Origin.SIMULATED), B3, EVENING) is None


def test_a_session_without_a_close_settles_nothing() -> None:
    """A suspended share has no close that day; another day's is not taken for it."""
    gone = (*BARS[:-1], replace(BARS[-1], close=float("nan")))

    assert settled(FORECAST, known(gone), EVENING) is None


@pytest.mark.parametrize("ratio", [2.0, 1.1, 0.1])
def test_a_split_that_the_source_rescaled_changes_the_basis_of_the_forecast(ratio: float) -> None:
    """Forecast at 09:00 from prices of before the split; in the evening all bars are after it."""
    old_basis = replace(FORECAST, expected=BEFORE * ratio, last_close=BEFORE * ratio)

    found = settled(old_basis, known(BARS), EVENING)
    assert found is not None
    assert (found.close, round(found.factor, 12)) == (CAME, round(1 / ratio, 12))


@pytest.mark.parametrize("bars", [BARS, closes_only(BARS)], ids=["whole bars", "closes alone"])
def test_a_split_that_shows_only_as_a_jump_changes_it_as_well(bars: tuple[Bar, ...]) -> None:
    """Files hold prices as traded; a spin-off is never rescaled by Yahoo."""
    traded = unadjusted(bars, DAY, 4.0)
    old_basis = replace(FORECAST, expected=BEFORE * 4, last_close=BEFORE * 4)

    found = settled(old_basis, known(traded), EVENING)
    assert found is not None
    assert (found.close, round(found.factor, 12)) == (CAME, 0.25)


def test_a_bonus_too_small_to_be_seen_is_believed_when_the_source_tells() -> None:
    """Ten per cent happen on bad days too."""
    traded = unadjusted(BARS, DAY, 1.1)
    old_basis = replace(FORECAST, expected=BEFORE * 1.1, last_close=BEFORE * 1.1)
    told = known(traded, "2026-07-29T17:30", Split(DAY, 1.1))

    found = settled(old_basis, told, EVENING)
    assert found is not None
    assert found.factor == pytest.approx(1 / 1.1)


def test_a_forecast_already_on_the_new_basis_is_left_alone() -> None:
    """Asked at 11:00 on the day of a split, the running price had told the window already."""
    traded = unadjusted(BARS, DAY, 4.0)

    found = settled(FORECAST, known(traded), EVENING)
    assert found is not None
    assert found.factor == 1.0


def test_a_corrected_centavo_is_no_corporate_action() -> None:
    """Sources round and mend; that is no event for the scoreboard."""
    corrected = (*BARS[:-2], replace(BARS[-2], close=BEFORE + 0.02), BARS[-1])

    found = settled(FORECAST, known(corrected), EVENING)
    assert found is not None
    assert found.factor == 1.0


def test_a_last_close_that_the_source_has_lost_leaves_the_basis_as_it_was() -> None:
    """There is nothing to compare, and most days have no corporate action."""
    lost = (*BARS[:-2], BARS[-1])

    found = settled(FORECAST, known(lost), EVENING)
    assert found is not None
    assert (found.close, found.factor) == (CAME, 1.0)


def test_an_action_that_the_source_tells_late_gives_another_revision() -> None:
    """A bonus of 10 % looks like a bad day until the source rescales its past, a day later."""
    bars = walk(date(2026, 7, 30))
    traded = unadjusted(bars, DAY, 1.1)
    old_basis = replace(FORECAST, expected=bars[-3].close * 1.1, last_close=bars[-3].close * 1.1)
    first = settled(old_basis, known(traded), EVENING)
    assert first is not None
    thursday = at("2026-07-30T17:30")

    again = resettled(first, known(bars, "2026-07-30T17:30"), thursday)
    assert again is not None
    assert (first.factor, round(again.factor, 12)) == (1.0, round(1 / 1.1, 12))
    assert again == replace(first, factor=again.factor, settled_at=thursday, revision=1)


def test_nothing_new_gives_no_revision() -> None:
    """Each evening looks at the last outcomes again."""
    first = settled(FORECAST, known(BARS), EVENING)
    assert first is not None

    assert resettled(first, known(BARS), EVENING) is None


@given(
    ratio=st.sampled_from([2.0, 1.5, 0.1, 1.03, 4.0]), rescaled=st.booleans(), told=st.booleans()
)
def test_a_split_after_the_session_changes_nothing(
    ratio: float,
    *,
    rescaled: bool,
    told: bool,
) -> None:
    """It moves the forecast and its close alike, whether the source shows a jump or rescales."""
    bars = walk(date(2026, 7, 30))
    as_traded = unadjusted(bars, date(2026, 7, 30), ratio)
    forecast: Recorded = replace(
        FORECAST, expected=as_traded[-3].close, last_close=as_traded[-3].close
    )
    first = settled(forecast, known(as_traded), EVENING)
    assert first is not None
    later = "2026-07-30T17:30"
    splits = [Split(date(2026, 7, 30), ratio)] if told else []

    assert resettled(first, known(bars if rescaled else as_traded, later, *splits), EVENING) is None


def test_a_source_that_has_lost_the_session_gives_no_revision() -> None:
    """History that fell out of a source's year is not evidence."""
    first = settled(FORECAST, known(BARS), EVENING)
    assert first is not None
    empty = DailyBars(FORECAST.ticker, (), Origin.FILE, EVENING)
    nothing = past(empty, B3, EVENING)
    assert nothing is not None

    assert resettled(first, nothing, EVENING) is None
