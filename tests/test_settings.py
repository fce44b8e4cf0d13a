"""Settings: defaults, every problem at once, documentation that agrees."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

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
