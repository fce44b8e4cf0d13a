"""What an operator chooses, by file and by flag."""

from pathlib import Path

import pytest

from deploy.choices import KEYS, options_of
from deploy.stack.options import (
    Bot,
    Instances,
    Options,
    OptionsRefused,
    Serverless,
    Serving,
    Webhook,
)


def written(folder: Path, text: str) -> Path:
    """A file of choices."""
    path = folder / "deployment.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_flags_the_defaults_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frugal deployment."""
    monkeypatch.chdir(tmp_path)

    assert options_of(None, {"name": None}) == Options()


def test_the_file_of_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a second apply means the same as the first."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, 'alarm_email = "a@example.com"\n')

    assert options_of(None, {}) == Options(alarm_email="a@example.com")


def test_every_key_arrives(tmp_path: Path) -> None:
    """A choice that is read and forgotten would be a lie."""
    text = """
        name = "teste"
        region = "us-east-1"
        serving = "tensorflow"
        tensorflow_image = "tensorflow-inference:2.19.0-cpu-py312"
        bot = "ecs"
        machine = "t4g.micro"
        tasks = 2
        token_secret_arn = "arn:aws:secretsmanager:us-east-1:1:secret:t"
        alarm_email = "a@example.com"
        every_alarm_by_email = true
        https_subscriber = "https://example.com/sns"
        tickers = ["ITUB4", "PETR4"]
        default_ticker = "PETR4"
        admin_ids = [7]
        alarm_chats = ["-100:3"]
        retrain = true
        instance = "ml.m5.large"
        least = 2
        most = 4
        webhook_host = "bot.example.com"
        certificate_arn = "arn:aws:acm:us-east-1:1:certificate/1"
    """
    found = options_of(written(tmp_path, text), {})

    assert found == Options(
        name="teste",
        region="us-east-1",
        serving=Serving.TENSORFLOW,
        tensorflow_image="tensorflow-inference:2.19.0-cpu-py312",
        bot=Bot.ECS,
        machine="t4g.micro",
        tasks=2,
        token_secret_arn="arn:aws:secretsmanager:us-east-1:1:secret:t",
        alarm_email="a@example.com",
        every_alarm_by_email=True,
        https_subscriber="https://example.com/sns",
        tickers=("ITUB4", "PETR4"),
        default_ticker="PETR4",
        admin_ids=(7,),
        alarm_chats=("-100:3",),
        retrain=True,
        endpoint=Instances("ml.m5.large", 2, 4),
        webhook=Webhook("bot.example.com", "arn:aws:acm:us-east-1:1:certificate/1"),
    )
    assert {key for key in KEYS if key not in text} == {"memory_mb", "most_at_once"}


def test_a_serverless_endpoint_has_sizes_of_its_own(tmp_path: Path) -> None:
    """Which an instance has not."""
    found = options_of(written(tmp_path, "memory_mb = 2048\nmost_at_once = 9\n"), {})

    assert found.endpoint == Serverless(2048, 9)


def test_a_flag_goes_before_the_file(tmp_path: Path) -> None:
    """For a try that is not to be written down."""
    found = options_of(written(tmp_path, 'name = "teste"\nbot = "none"\n'), {"name": "outro"})

    assert (found.name, found.bot) == ("outro", Bot.NONE)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("nmae = 'teste'\n", f"nmae: unknown; there are {', '.join(KEYS)}"),
        ("tasks = true\ntickers = 'ITUB4'\n", "tasks: True is no int\ntickers: 'ITUB4' is no list"),
        ("admin_ids = ['7']\n", "admin_ids: ['7'] holds what is no int"),
        ("serving = 'torch'\n", "'torch' is not a valid Serving"),
        ("least = 2\n", "least: only with an instance"),
        ("webhook_host = 'a'\n", "webhook_host and certificate_arn: only together"),
        ("region = 'mars'\n", "region: 'mars' is not a region of AWS, as sa-east-1"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, problems: str) -> None:
    """With the value that was wrong, before anything is sent anywhere."""
    with pytest.raises(OptionsRefused) as raised:
        options_of(written(tmp_path, text), {})

    assert str(raised.value) == problems


@pytest.mark.parametrize("text", ["name = ", None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    """Named and broken, or named and not there."""
    path = tmp_path / "deployment.toml"
    if text is not None:
        written(tmp_path, text)

    with pytest.raises(OptionsRefused, match="cannot be read"):
        options_of(path, {})
