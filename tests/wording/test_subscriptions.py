"""What is read about subscriptions and privacy, and what their buttons carry."""

from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outbox import Button
from bot.domain.subscriptions import HOURS_OFFERED, LATEST, MOST_SHARES, Listed, Slot, Subscribed
from bot.domain.tickers import Ticker
from bot.errors import UnknownTicker
from bot.flow.pushes.upkeep import KEPT
from bot.wording import privacy, subscriptions
from bot.wording import subscription_buttons as buttons
from bot.wording.markup import telegram_length
from bot.wording.subscription_buttons import Press, Verb, read_press
from tests.wording.subscription_golden import FOLDER, messages

MESSAGES = messages()

CODES = st.from_regex(r"[A-Z][A-Z0-9]{3}(3|4|11|34)", fullmatch=True)
SHARES = st.lists(
    CODES.map(lambda code: Ticker(f"{code}.SA")), min_size=1, max_size=MOST_SHARES, unique=True
)


def listed(shares: Sequence[Ticker], *, silent: bool = False) -> Listed:
    """All of them at nine."""
    return Listed((Slot(time(9), tuple(shares), date(2026, 7, 29)),), silent=silent)


def presses(rows: buttons.Rows) -> dict[str, Press | None]:
    """What each button does, by what it says."""
    return {button.label: read_press(button.data) for row in rows for button in row}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_its_file_says(name: str) -> None:
    """`python -m tests.wording.subscription_golden` writes them; somebody reads the difference."""
    assert f"{MESSAGES[name]}\n" == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_what_stands_below_the_answer_concerns_the_shares_that_were_asked_for() -> None:
    """`Cancelar` under ITUB4 must not cancel everything else."""
    itub4 = Ticker("ITUB4.SA")

    assert presses(buttons.after_subscribing(listed([itub4]))) == {
        "Sem som": Press(Verb.SOUND, silent=True),
        "Outro horário": Press(Verb.HOURS, (itub4,)),
        "Cancelar": Press(Verb.CANCEL, (itub4,)),
        "Ver assinaturas": Press(Verb.LIST),
    }


def test_the_list_has_a_button_for_each_share_and_one_for_all() -> None:
    """Without typing a share's name again."""
    itub4, petr4 = Ticker("ITUB4.SA"), Ticker("PETR4.SA")

    assert presses(buttons.of_list(listed([petr4, itub4], silent=True))) == {
        "Cancelar ITUB4": Press(Verb.CANCEL, (itub4,)),
        "Cancelar PETR4": Press(Verb.CANCEL, (petr4,)),
        "Com som": Press(Verb.SOUND, silent=False),
        "Outro horário": Press(Verb.HOURS),
        "Cancelar todas": Press(Verb.CANCEL),
    }


def test_every_hour_that_is_offered_can_be_taken() -> None:
    """A button that is refused when pressed is a broken promise."""
    itub4 = Ticker("ITUB4.SA")
    offered = presses(buttons.hours([itub4]))

    assert max(HOURS_OFFERED) <= LATEST
    assert offered == {
        **{f"{at:%H:%M}": Press(Verb.HOUR, (itub4,), at) for at in HOURS_OFFERED},
        "Voltar": Press(Verb.LIST),
    }


@given(shares=SHARES, silent=st.booleans())
def test_every_button_is_one_that_telegram_takes_and_the_bot_understands(
    *, shares: list[Ticker], silent: bool
) -> None:
    """One button that carries 65 bytes, and Telegram refuses the whole message."""
    what = listed(shares, silent=silent)
    rows = (*buttons.after_subscribing(what), *buttons.of_list(what), *buttons.hours(shares))
    made = [button for row in rows for button in row]

    assert [one for one in made if not 0 < len(one.data.encode()) <= buttons.MOST_BYTES] == []
    assert [one for one in made if read_press(one.data) is None] == []


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "sub",
        "sub:",
        "sub:lista:x",
        "sub:som:2",
        "sub:cancelar:",
        "sub:cancelar:ITUB",
        "sub:cancelar:ITUB4,",
        "sub:hora:2460:ITUB4",
        "sub:hora:0960:*",
        "sub:hora:1631:*",
        "sub:hora:900:*",
        "sub:horas:itub4",
        "sub:lista\n",
    ],
)
def test_what_no_version_has_made_does_nothing(carried: str) -> None:
    """Anybody can make a client send whatever it likes."""
    assert read_press(carried) is None


@given(st.text(max_size=64))
def test_no_button_raises(carried: str) -> None:
    """A press that nobody answers shows a clock for a minute."""
    assert read_press(f"sub:{carried}") is None or carried.isascii()


@given(st.lists(st.text(min_size=1, max_size=4096), max_size=60), SHARES)
def test_an_answer_fits_into_a_message_whatever_was_asked_for(
    typed: list[str], beyond: list[Ticker]
) -> None:
    """Telegram refuses what is longer than 4096, and nothing would be read."""
    done = Subscribed(
        listed(beyond), changed=True, refused=tuple(map(UnknownTicker, typed)), beyond=(*beyond,)
    )

    assert telegram_length(subscriptions.subscribed(done).text) <= 4096


def test_words_that_answer_a_press_fit_where_telegram_shows_them() -> None:
    """200 characters (Bot API, answerCallbackQuery)."""
    words = (
        subscriptions.ADMINS_ONLY,
        subscriptions.UNAVAILABLE,
        subscriptions.TOO_OLD,
        subscriptions.cancelled_below(Ticker("AAPL34.SA")),
        privacy.ADMINS_ONLY,
        privacy.UNAVAILABLE,
        privacy.TOO_OLD,
    )

    assert [word for word in words if len(word) > 200] == []


def test_the_privacy_page_says_how_long_messages_are_kept() -> None:
    """It is a promise that the clean-up has to keep."""
    assert timedelta(days=privacy.DAYS_SENT) == KEPT


def test_erasing_asks_with_a_way_out() -> None:
    """One wrong tap must not cost everything."""
    rows = privacy.confirmation({"subscriptions": 1, "outbox": 0}).buttons

    assert rows == (
        (Button("Apagar tudo", "apagar:sim"), Button("Deixar como está", "apagar:nao")),
    )
