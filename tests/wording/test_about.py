"""What the bot says of itself, within Telegram's limits."""

import re

from bot.domain.subscriptions import Misread, Request, read_request
from bot.domain.tickers import parse_ticker
from bot.wording import about
from bot.wording.buttons import Horizon


def test_help_names_every_command_of_the_table_in_its_order() -> None:
    """A command that nobody can find does not exist."""
    named = re.findall(r"^/(\w+):", about.help_text(), flags=re.MULTILINE)

    assert named == [command.name for command in about.COMMANDS]


def test_every_command_keeps_telegram_s_rules() -> None:
    """One bad name, and Telegram refuses the whole menu (Bot API, BotCommand)."""
    broken = [
        command
        for command in about.COMMANDS
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
        or not 1 <= len(command.description) <= 256
    ]

    assert broken == []


def test_every_example_is_its_own_command_with_a_share_that_can_be_typed() -> None:
    """An example that does not work is the first thing people try."""
    examples = [command.example.split() for command in about.COMMANDS]

    assert [example[0] for example in examples] == [f"/{each.name}" for each in about.COMMANDS]
    asked = [read_request(" ".join(example[1:])) for example in examples]
    shares = [word for each in asked if isinstance(each, Request) for word in each.shares]
    assert not any(isinstance(each, Misread) for each in asked)
    assert set(map(parse_ticker, shares)) == {"PETR4.SA"}


def test_each_horizon_has_its_command() -> None:
    """Buttons and commands ask for the same two things by the same names."""
    assert {horizon.value for horizon in Horizon} <= {command.name for command in about.COMMANDS}


def test_a_button_leads_to_the_other_horizon_and_back() -> None:
    """Nobody gets stuck."""
    assert [horizon.other.other for horizon in Horizon] == list(Horizon)


def test_descriptions_fit_where_telegram_shows_them() -> None:
    """Telegram refuses longer ones (Bot API, setMyDescription and setMyShortDescription)."""
    assert len(about.DESCRIPTION) <= 512
    assert len(about.SHORT_DESCRIPTION) <= 120


def test_the_greeting_offers_three_commands_to_try() -> None:
    """The first minute decides whether there is a second."""
    tries = [line for line in about.greeting().splitlines() if line.startswith("/")]

    assert tries == ["/hoje", "/hoje PETR4", "/proximos"]


def test_every_introduction_says_that_forecasts_are_no_advice() -> None:
    """It is said before the first forecast is asked for."""
    texts = (about.greeting(), about.help_text(), about.DESCRIPTION, about.SHORT_DESCRIPTION)

    assert [text.endswith(about.DISCLAIMER) for text in texts] == [True] * 4
