"""Code and documents agree: commands, make targets, links."""

import re
from pathlib import Path

import pytest
from telegram.ext import Application

from bot.edges.telegram.application import answered_commands, register
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.privacy import PrivacyCommands
from bot.edges.telegram.scoreboard import ScoreboardCommand
from bot.edges.telegram.subscribing import SubscriptionCommands
from bot.wording.about import COMMANDS

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guia.md")
ALIASES = {"help"}


def read(name: str) -> str:
    """A document of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def registered() -> set[str]:
    """The commands that the application answers."""
    application = Application.builder().token("1:none").build()
    parts = (
        SubscriptionCommands(None, None, None),  # type: ignore[arg-type]
        PrivacyCommands(None, None, None),  # type: ignore[arg-type]
        ScoreboardCommand(None, None, None, None),  # type: ignore[arg-type]
    )
    register(application, Commands(None, None, None), parts)  # type: ignore[arg-type]
    return set(answered_commands(application))


def test_every_command_is_answered_and_listed() -> None:
    """A command in the menu that nobody answers is a broken promise."""
    assert registered() - ALIASES == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_stands_in_the_readme(command: str) -> None:
    """The table is what people look at first."""
    assert re.search(rf"^\| `/{command}\b", read("README.md"), re.MULTILINE)


@pytest.mark.parametrize(
    "target", re.findall(r"`make (\w+)", read("README.md") + read("CONTRIBUTING.md"))
)
def test_every_make_target_that_is_named_exists(target: str) -> None:
    """What a newcomer types must work."""
    assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_links_to_exists(name: str) -> None:
    """A dead link on the first page costs a contributor."""
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))

    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []
