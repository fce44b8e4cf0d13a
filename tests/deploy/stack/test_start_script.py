"""start.sh, run here with a stand-in for AWS's command line."""

import shutil
import subprocess
from pathlib import Path

import pytest

START = Path(__file__).parents[3] / "deploy" / "stack" / "on_machine" / "start.sh"
SECRET = "arn:aws:secretsmanager:sa-east-1:123456789012:secret:token-abcdef"
ASKED = f"secretsmanager get-secret-value --secret-id {SECRET} --query SecretString --output text"
STRICT = f"""#!/bin/sh
# Answers the one question that the script may ask, and refuses any other.
[ "$*" = "{ASKED}" ] || exit 252
"""


def started(folder: Path, answer: str, *command: str) -> subprocess.CompletedProcess[str]:
    """What becomes of `command` when Secrets Manager answers so."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    aws = folder / "aws"
    aws.write_text(STRICT + answer)
    aws.chmod(0o755)
    return subprocess.run(
        [bash, START, *command],
        env={"PATH": f"{folder}:/usr/bin:/bin", "TOKEN_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bot_gets_its_token_in_the_environment(tmp_path: Path) -> None:
    """It is the only place where it is looked for, and the only one where it is."""
    ran = started(tmp_path, "echo 123456:invented", "printenv", "TELEGRAM_TOKEN")

    assert (ran.stdout, ran.stderr, ran.returncode) == ("123456:invented\n", "", 0)


def test_without_its_token_the_bot_is_not_started(tmp_path: Path) -> None:
    """It would open the local chat, for nobody, and look healthy."""
    ran = started(tmp_path, "echo 'no value yet' >&2; exit 254", "echo", "started")

    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "no value yet\n", 254)


def test_the_command_is_run_as_it_was_given(tmp_path: Path) -> None:
    """The process that systemd knows becomes the bot's, so that signals reach it."""
    ran = started(tmp_path, "echo 123456:invented", "printf", "%s|", "a b", "-m", "bot")

    assert ran.stdout == "a b|-m|bot|"
