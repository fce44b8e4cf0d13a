"""What a chart shows, before it is painted."""

from dataclasses import replace

from bot.domain.closes import WINDOW
from bot.wording.buttons import Horizon
from bot.wording.chart_content import Kind, Tag, content
from bot.wording.known import Close
from tests.wording import scenes

LAST = Tag(Kind.LAST_CLOSE, 42.82, "fechou 28/07", 0)


def test_before_the_open_the_last_close_and_the_forecast_are_marked() -> None:
    """Two numbers and their days are all that matters at a glance."""
    said = content(scenes.REFERENCE, Horizon.TODAY)

    assert said.tags == (LAST, Tag(Kind.FORECAST, 42.86, "prevê 29/07", 1))


def test_the_running_price_stands_between_the_last_close_and_the_one_to_come() -> None:
    """At 14:32 the close is still ahead, and neither marker may cover the other."""
    said = content(scenes.OPEN_WITH_PRICE, Horizon.TODAY)

    assert said.tags == (
        LAST,
        Tag(Kind.FORECAST, 42.99, "prevê 29/07", 1),
        Tag(Kind.RUNNING, 43.02, "às 14:32", 0.5),
    )


def test_the_final_close_stands_beside_what_had_been_forecast() -> None:
    """The picture after the close is the forecast's school report."""
    said = content(scenes.CLOSED, Horizon.TODAY)

    assert said.tags == (
        LAST,
        Tag(Kind.FORECAST, 42.86, "previu 29/07", 1),
        Tag(Kind.FINAL, 42.70, "fechou 29/07", 1),
    )


def test_a_final_close_of_today_is_no_part_of_the_past_in_today_s_picture() -> None:
    """The line of the past would run through what it is compared with."""
    past = content(scenes.CLOSED, Horizon.TODAY).past

    assert (past[-1], len(past)) == (Close(scenes.TUESDAY, 42.82), WINDOW - 1)


def test_the_fan_starts_with_today_while_today_is_open() -> None:
    """Six points: D+0, which stands before the five that were asked for."""
    said = content(scenes.OPEN, Horizon.COMING)

    assert said.forecasts == (scenes.OPEN.today, *scenes.OPEN.coming)


def test_the_fan_starts_after_today_once_today_is_final() -> None:
    """What has happened is no forecast any more."""
    said = content(scenes.CLOSED, Horizon.COMING)

    assert (said.past[-1], said.forecasts) == (
        Close(scenes.WEDNESDAY, 42.70),
        scenes.CLOSED.coming,
    )


def test_the_fan_s_ends_are_marked() -> None:
    """Where it starts, and where it leads to."""
    said = content(scenes.CLOSED, Horizon.COMING)

    assert said.tags == (
        Tag(Kind.LAST_CLOSE, 42.70, "fechou 29/07", 0),
        Tag(Kind.FORECAST, scenes.CLOSED.coming[-1].expected, "prevê 05/08", 5),
    )


def test_headings_say_what_is_forecast() -> None:
    """A picture that is passed on must speak without its caption."""
    subjects = {
        content(outlook, horizon).subject
        for outlook in (scenes.REFERENCE, scenes.SATURDAY)
        for horizon in Horizon
    }

    assert subjects == {
        "fechamento de hoje, qua., 29/07",
        "previsão até qua., 05/08",
        "próximo pregão, seg., 03/08",
        "previsão até seg., 10/08",
    }


def test_with_nothing_ahead_the_picture_is_that_of_today() -> None:
    """An empty fan would be no picture at all."""
    assert content(scenes.FAR_BEHIND, Horizon.COMING) == content(scenes.FAR_BEHIND, Horizon.TODAY)


def test_everything_that_is_marked_lies_in_the_picture() -> None:
    """A close far outside its band is the one people want to see."""
    said = content(replace(scenes.CLOSED, closed=90.0), Horizon.TODAY)

    assert max(said.prices) == 90.0
