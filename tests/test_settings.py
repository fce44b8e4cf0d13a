"""Settings: defaults, every problem at once, documentation that agrees."""

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from bot.domain.places import Place
from bot.settings import Settings, SettingsRefused, read_settings

ROOT = Path(__file__).parent.parent
TOKEN = "123456789:AAExampleExampleExampleExample12345"
Environment = Callable[..., None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """Sets variables in an otherwise empty environment, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def given(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return given


def refused() -> list[str]:
    """The problems that reading the settings lists."""
    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    return refusal.value.problems


def test_without_any_setting_everything_runs_on_this_laptop(environment: Environment) -> None:
    """A newcomer sets nothing."""
    environment()
    settings = read_settings()

    assert (settings.telegram_token, settings.sagemaker_endpoint) == (None, None)
    assert (settings.closes, settings.default_ticker, settings.tickers) == ("yahoo", "ITUB4.SA", ())


def test_every_problem_is_listed_in_one_go(environment: Environment) -> None:
    """One restart mends the file, not one restart per line."""
    environment(
        TELEGRAM_TOKEN="hunter2",
        TICKERS="ITUB4 PETR99",
        DEFAULT_TICKER="?",
        CLOSES="csv:nowhere",
        SAGEMAKER_ENDPOINT="under_score",
        CHAT_PORT="http",
        DATA_DIR="/dev/null/data",
    )

    assert [problem.split(":")[0] for problem in refused()] == [
        "TELEGRAM_TOKEN",
        "TICKERS",
        "DEFAULT_TICKER",
        "CLOSES",
        "SAGEMAKER_ENDPOINT",
        "DATA_DIR",
        "CHAT_PORT",
    ]


def test_a_refused_token_is_not_repeated(environment: Environment) -> None:
    """The list of problems ends up in logs and screenshots."""
    environment(TELEGRAM_TOKEN="123456:short-but-secret")

    assert "secret" not in "".join(refused())


def test_a_file_in_the_folder_is_read_and_the_environment_wins(environment: Environment) -> None:
    """Containers override what the file says."""
    Path(".env").write_text("DEFAULT_TICKER=petr4\nCHAT_PORT=9000\n", encoding="utf-8")
    environment(CHAT_PORT="9001")
    settings = read_settings()

    assert (settings.default_ticker, settings.chat_port) == ("PETR4.SA", 9001)


def test_shares_are_listed_with_commas_or_spaces(environment: Environment) -> None:
    """Both are natural; doubles are one share."""
    environment(TICKERS="itub4, PETR4.SA vale3,itub4")

    assert read_settings().tickers == ("ITUB4.SA", "PETR4.SA", "VALE3.SA")


def test_the_default_share_must_be_served(environment: Environment) -> None:
    """Otherwise /hoje without a name would refuse itself."""
    environment(TICKERS="PETR4", DEFAULT_TICKER="VALE3")

    assert refused() == ["DEFAULT_TICKER: is not among TICKERS"]


def test_invented_prices_are_refused_with_a_real_token(environment: Environment) -> None:
    """With a real token nobody ever sees an invented price."""
    environment(TELEGRAM_TOKEN=TOKEN, CLOSES="simulated")

    assert refused() == [
        "CLOSES: invented prices are only shown in the local chat, without TELEGRAM_TOKEN"
    ]


def test_the_token_is_not_shown_with_the_settings(environment: Environment) -> None:
    """Whoever prints the settings must not print the token."""
    environment(TELEGRAM_TOKEN=TOKEN)

    assert TOKEN not in repr(read_settings())


def test_operators_and_their_chats_are_numbers(environment: Environment) -> None:
    """A topic is written behind its chat."""
    environment(ADMIN_IDS="12, 34,12", ALARM_CHAT_IDS="-100123 -100123:7", PUSH_TIME="8:30")
    settings = read_settings()

    assert settings.admin_ids == (12, 34)
    assert settings.alarm_chat_ids == (Place(-100123), Place(-100123, 7))
    assert settings.push_time == time(8, 30)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"ADMIN_IDS": "@maria"}, "ADMIN_IDS: '@maria' is no Telegram user id, which is a number"),
        (
            {"ALARM_CHAT_IDS": "-100:x"},
            "ALARM_CHAT_IDS: '-100:x' is no chat id, write -100123 or, with a topic, -100123:7",
        ),
        ({"PUSH_TIME": "25:00"}, "PUSH_TIME: write hours and minutes as 09:00"),
        (
            {"PUSH_TIME": "21:00"},
            "PUSH_TIME: is after 16:30, too late for a forecast of the day's close",
        ),
        (
            {"ALARM_TOPIC_ARNS": "fechamento-alarms"},
            "ALARM_TOPIC_ARNS: 'fechamento-alarms' is no topic, "
            "write arn:aws:sns:REGION:ACCOUNT:NAME",
        ),
        (
            {"DATABASE_URL": "mysql://root:hunter2@db"},
            "DATABASE_URL: write postgresql://user:password@host/name, or nothing for SQLite",
        ),
        (
            {"HTTP_ORIGINS": "example.com"},
            "HTTP_ORIGINS: 'example.com' is no origin, write https://host",
        ),
        (
            {"TELEGRAM_WEBHOOK_URL": "https://bot.example/telegram/itub"},
            "TELEGRAM_WEBHOOK_SECRET: is needed with TELEGRAM_WEBHOOK_URL, "
            "or anybody could post updates",
        ),
        (
            {"TELEGRAM_WEBHOOK_SECRET": "short"},
            "TELEGRAM_WEBHOOK_SECRET: write 16 to 256 letters, digits, _ or -",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(
    environment: Environment, given: dict[str, str], problem: str
) -> None:
    """The sentence mends the file; a secret is never repeated in it."""
    environment(**given)

    assert refused() == [problem]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://bot.example/telegram/itub", "Telegram only posts to https addresses"),
        (
            "https://bot.example/elsewhere",
            "has to end in /telegram/ and a word, as in https://host/telegram/bot",
        ),
    ],
)
def test_a_webhook_that_telegram_would_not_use_is_refused(
    environment: Environment, address: str, problem: str
) -> None:
    """The call of setWebhook would fail later, after everything else has started."""
    environment(
        TELEGRAM_TOKEN=TOKEN, TELEGRAM_WEBHOOK_URL=address, TELEGRAM_WEBHOOK_SECRET="s" * 16
    )

    assert f"TELEGRAM_WEBHOOK_URL: {problem}" in refused()


def test_a_bot_api_server_of_one_s_own_may_post_without_https(environment: Environment) -> None:
    """It stands in the same network, and so does the local chat."""
    address = "http://127.0.0.1:8080/telegram/itub"
    environment(
        TELEGRAM_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081",
        TELEGRAM_WEBHOOK_URL=address,
        TELEGRAM_WEBHOOK_SECRET="s" * 16,
    )

    assert str(read_settings().telegram_webhook_url) == address


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme_and_the_example(name: str) -> None:
    """An operator reads these two, not the code."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    example = re.findall(
        r"^# ?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert name.upper() in rows
    assert name.upper() in example
