"""`python -m deploy` as an operator types it; what AWS does is tested beside these."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from deploy import commands, terminal
from deploy.aws.clients import Clients
from deploy.aws.stack_facts import Event
from deploy.estimate import estimate
from deploy.prices import Usage
from deploy.progress import Terminal
from deploy.refusals import NothingThere
from deploy.stack.options import Instances, Options, Uploads
from deploy.stack.template import template
from tests.deploy.driving.deployer import TOKEN, Deployer

Typed = Callable[..., Result]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs a command in an empty folder, with nobody's credentials."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, answers: str = "") -> Result:
        return CliRunner().invoke(commands.app, list(words), input=answers)

    return run


@pytest.fixture
def on_rehearsed_aws(
    deployer: Deployer, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """The same, where boto3's clients are those of the rehearsed AWS."""

    def given(_region: str) -> Clients:
        return deployer.clients

    monkeypatch.setattr("deploy.aws.clients.clients", given)
    monkeypatch.setattr(commands, "ROOT", deployer.checkout)
    monkeypatch.setattr("time.sleep", deployer.world.front.wait)

    def run(*words: str, answers: str = "") -> Result:
        with deployer.world.front.behind(deployer.clients):
            return typed(*words, answers=answers)

    return run


@pytest.mark.parametrize("command", ["plan", "apply", "status", "destroy"])
def test_without_credentials_one_sentence_says_so(typed: Typed, command: str) -> None:
    """The first thing that happens to anybody."""
    result = typed(command, *(["--yes"] if command == "destroy" else []))

    assert result.exit_code == 1
    assert result.stderr == (
        "no AWS credentials are to be had (Unable to locate credentials); "
        "`aws configure` or AWS_PROFILE supplies them\n"
    )


def test_a_region_that_does_not_exist_is_one_sentence(typed: Typed) -> None:
    """The second."""
    result = typed("status", "--region", "sa-east-9")

    assert (result.exit_code, result.stderr) == (
        1,
        "there is no region sa-east-9; there are sa-east-1\n",
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["plan", "--bot", "ecs"], "webhook: the bot on ECS needs a host name and its certificate"),
        (["apply", "--instance", "t2"], "type: 't2' is not an instance type, as ml.t2.medium"),
        (["apply", "--serving", "torch"], "'torch' is not a valid Serving"),
        (["status", "--name", "X"], "name: 'X' is not 2 to 32 small letters, digits and hyphens"),
        (["destroy", "--choices", "no.toml"], "no.toml cannot be read: "),
    ],
)
def test_what_was_wrongly_asked_for_ends_with_2(
    typed: Typed, words: list[str], sentence: str
) -> None:
    """Before AWS is asked anything."""
    result = typed(*words)

    assert result.exit_code == 2
    assert result.stderr.startswith(sentence)


def test_an_artifact_that_is_not_there_is_one_sentence(on_rehearsed_aws: Typed) -> None:
    """The model's own refusals are said as well."""
    result = on_rehearsed_aws("plan", "--artifact", "nowhere")

    assert result.exit_code == 1
    assert result.stderr == "no model artifact in nowhere: card.json is missing\n"


def test_plan_ends_with_what_it_costs(on_rehearsed_aws: Typed, deployer: Deployer) -> None:
    """Changes first, then the estimate with its assumptions."""
    result = on_rehearsed_aws("plan", "--artifact", str(deployer.artifact))
    lines = result.stdout.splitlines()
    wanted = Options(uploads=Uploads("a", "b", "c", "d"))

    assert result.exit_code == 0
    assert lines[0] == (
        "fechamento in sa-east-1 (account 123456789012): "
        f"{len(template(wanted)['Resources'])} added, 0 changed, 0 replaced, 0 removed"
    )
    assert lines[-len(estimate(Options(), Usage())) :] == estimate(Options(), Usage())


def test_apply_asks_for_the_token_and_shows_none_of_it(
    on_rehearsed_aws: Typed, deployer: Deployer
) -> None:
    """A terminal is often shown to others."""
    deployer.apply()
    deployer.world.secrets.values = dict.fromkeys(deployer.world.secrets.values)
    result = on_rehearsed_aws("apply", "--artifact", str(deployer.artifact), answers=f"{TOKEN}\n")

    assert result.exit_code == 0
    assert list(deployer.world.secrets.values.values()) == [TOKEN]
    assert TOKEN not in result.output
    assert "nothing to change" in result.stdout


def test_apply_without_anybody_to_ask_says_what_is_missing(
    on_rehearsed_aws: Typed, deployer: Deployer
) -> None:
    """In a pipeline nobody answers."""
    deployer.apply()
    deployer.world.secrets.values = dict.fromkeys(deployer.world.secrets.values)
    result = on_rehearsed_aws("apply", "--artifact", str(deployer.artifact))

    assert result.exit_code == 1
    assert result.stderr.endswith("the bot needs a token, and none was given; run apply again\n")


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0)])
def test_apply_asks_before_data_is_ended(
    on_rehearsed_aws: Typed, deployer: Deployer, answer: str, code: int
) -> None:
    """And goes on only with a yes."""
    deployer.apply()
    result = on_rehearsed_aws(
        "apply", "--artifact", str(deployer.artifact), "--bot", "none", answers=answer
    )

    assert result.exit_code == code
    assert "− DataVolume   EC2 volume: holds data" in result.stdout
    assert ("nothing was changed" in result.stderr) is (code == 1)


@pytest.mark.parametrize(
    ("words", "answer", "stands"),
    [([], "n\n", True), ([], "y\n", False), (["--yes"], "", False)],
)
def test_destroy_asks_first(
    on_rehearsed_aws: Typed, deployer: Deployer, words: list[str], answer: str, *, stands: bool
) -> None:
    """The question names what, where and whose."""
    deployer.apply()
    result = on_rehearsed_aws("destroy", *words, answers=answer)
    question = "Remove fechamento from sa-east-1 (account 123456789012)? [y/N]"

    assert (question in result.stdout) is (not words)
    assert bool(deployer.world.facts()["stacks"]) is stands
    assert result.exit_code == (1 if stands else 0)


def test_status_shows_what_stands(on_rehearsed_aws: Typed, deployer: Deployer) -> None:
    """The same lines as `test_standing` checks."""
    deployer.apply()
    result = on_rehearsed_aws("status")

    assert result.exit_code == 0
    assert "endpoint     fechamento-serverless: InService" in result.stdout.splitlines()


def test_an_interrupt_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C stops watching, not AWS."""

    def interrupted() -> None:
        with terminal.failures_as_sentences():
            raise KeyboardInterrupt

    with pytest.raises(typer.Exit) as raised:
        interrupted()

    assert raised.value.exit_code == 1
    assert capsys.readouterr().err == f"{terminal.INTERRUPTED}\n"


def test_a_refusal_is_never_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """AWS writes lists in square brackets."""

    def refused() -> None:
        with terminal.failures_as_sentences():
            raise NothingThere("no [red]stack[/red] [1]")

    with pytest.raises(typer.Exit) as raised:
        refused()

    assert raised.value.exit_code == 1
    assert capsys.readouterr().err == "no [red]stack[/red] [1]\n"


def test_events_are_shown_as_they_come() -> None:
    """Time, resource, state, and the reason if there is one."""
    written = io.StringIO()
    shown = Terminal(Console(file=written, highlight=False, width=40))
    at = datetime(2026, 11, 23, 15, 0, 7, tzinfo=UTC)
    shown.step("uploading [1]")
    shown.event(Event("1", at, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE", ""))
    shown.event(Event("2", at, "Endpoint", "E", "UPDATE_FAILED", "No [capacity]."))
    shown.event(Event("3", at, "fechamento", "S", "UPDATE_ROLLBACK_COMPLETE", ""))

    assert written.getvalue().splitlines() == [
        "uploading [1]",
        "  15:00:07  Bucket                    create complete",
        "  15:00:07  Endpoint                  update failed  No [capacity].",
        "  15:00:07  fechamento                update rollback complete",
    ]


def test_the_estimate_says_what_it_assumes_and_compares_with() -> None:
    """A sum without its assumptions is worth nothing."""
    lines = estimate(Options(), Usage())

    assert lines[0].startswith("about US$ ")
    assert lines[-3] == (
        "assumed: 1,000 subscribers of 5 shares, 1 question a day each, "
        "0.1 s billed for a call, 1 GB of logs"
    )
    assert lines[-2].startswith(
        "for comparison: endpoint, one ml.t2.medium and server, one t2.medium: US$ "
    )


def test_the_help_names_every_command(typed: Typed) -> None:
    """`train` is made elsewhere and must not be forgotten here."""
    result = typed("--help")

    assert result.exit_code == 0
    for name in ("plan", "apply", "status", "destroy", "train"):
        assert f"│ {name} " in result.stdout


def test_what_costs_next_to_nothing_is_only_named() -> None:
    """Ten lines of zeros would hide the four that matter."""
    lines = estimate(Options(), Usage())

    assert not [line for line in lines if line.startswith("      0.00")]
    assert [line for line in lines if line.startswith("  less than a cent each: ")]


def test_without_a_price_there_is_no_estimate() -> None:
    """Zero would be a lie."""
    options = Options(endpoint=Instances("ml.p9.large"))

    assert estimate(options, Usage()) == [
        "no estimate of the cost: prices.toml has no price of ml.p9.large in sa-east-1"
    ]
