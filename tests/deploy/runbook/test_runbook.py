"""The runbook says what the stack and the commands are, and nothing that they are not."""

import json
import re
import subprocess
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.choices import KEYS
from deploy.commands import app
from deploy.prices import Usage, monthly, read_prices, reference_setup, total
from deploy.stack.alarms import alarm_name
from deploy.stack.options import Bot, Instances, Options, Serverless
from deploy.stack.watch import watch
from tests.deploy.runbook.deployments import EVERY, WEBHOOK, outputs, resources

ROOT = Path(__file__).parents[3]
RUNBOOK = ROOT / "docs" / "operacao.md"
TEXT = RUNBOOK.read_text(encoding="utf-8")
POLICY: dict[str, Any] = json.loads(
    (ROOT / "docs" / "politica-de-implantacao.json").read_text(encoding="utf-8")
)
WATCHED = {alarm.slug: alarm for options in EVERY for alarm in watch(options)}
IAM_PREFIX = {
    "applicationautoscaling": "application-autoscaling",
    "elasticloadbalancingv2": "elasticloadbalancing",
}
"""Services whose permissions have another name than their resources."""


def blocks(language: str) -> list[str]:
    """The code blocks in this language."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", TEXT, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for code in found]


def sections() -> dict[str, str]:
    """What is said of each alarm, by its slug."""
    told = TEXT.split("\n## Os alarmes\n")[1].split("\n## ")[0]
    parts = re.split(r"^### (.+)$", told, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_alarm_and_no_other_is_explained() -> None:
    """Who is woken by one looks for its name."""
    assert set(sections()) == set(WATCHED)


@pytest.mark.parametrize("slug", sections())
def test_each_alarm_says_what_to_do(slug: str) -> None:
    """At night nobody wants to work that out."""
    assert "**O que fazer.** " in sections()[slug]


def test_alarms_are_called_by_names_that_exist() -> None:
    """A test alarm with a mistyped name would test nothing."""
    names = {alarm_name(alarm, EVERY[0]) for alarm in WATCHED.values()}
    called = set(re.findall(r"(?:critico|aviso)-fechamento-[a-z-]+", TEXT))

    assert called <= names
    assert called


def test_choices_are_those_that_the_file_may_hold() -> None:
    """A choice with another name is refused by every command."""
    [example] = blocks("toml")
    told = set(re.findall(r"^\| `(\w+) = ", TEXT, re.MULTILINE)) | set(tomllib.loads(example))
    told |= set(re.findall(r"`(\w+_\w+)`", TEXT)) & set(KEYS)

    assert told <= set(KEYS)
    assert {"bot", "instance", "serving", "retrain", "alarm_chats"} <= told


def test_commands_and_their_options_exist() -> None:
    """What is typed from the runbook has to work."""
    commands: Any = typer.main.get_command(app)
    for line in re.findall(r"python -m deploy ([^\n`]+)", TEXT):
        words = line.split("#")[0].split()
        known = {name for one in commands.commands[words[0]].params for name in _names(one)}
        assert {word for word in words if word.startswith("--")} <= known


def _names(option: Any) -> list[str]:
    return [*option.opts, *option.secondary_opts]


def test_resources_and_outputs_are_called_by_names_that_exist() -> None:
    """`describe-stack-resource` and `--query` know no others."""
    asked = set(re.findall(r"--logical-resource-id (\w+)", TEXT))
    read = set(re.findall(r"OutputKey=='(\w+)'", TEXT)) | {"BalancerAddress"}

    assert asked <= set(resources())
    assert read <= outputs()


@pytest.mark.parametrize("code", blocks("sh"))
def test_what_is_typed_is_shell(code: str) -> None:
    """An unclosed quote is found here and not at night."""
    checked = subprocess.run(
        ["/bin/bash", "-n"], input=code, text=True, capture_output=True, check=False
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_links_lead_somewhere() -> None:
    """Inside the page to a heading, outside of it to a file."""
    headings = {_anchor(title) for title in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if not link.startswith("http")]
    anchors = {link.removeprefix("#") for link in links if link.startswith("#")}
    files = {link for link in links if not link.startswith("#")}

    assert anchors <= headings
    assert [link for link in files if not (RUNBOOK.parent / link).is_file()] == []


def _anchor(title: str) -> str:
    """As GitHub makes them."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_the_deployer_s_policy_names_every_service_of_the_stack() -> None:
    """A missing one is found half-way through the first `apply`."""
    services = {kind.split("::")[1].lower() for kind in resources().values()} - {"iam"}
    wanted = {IAM_PREFIX.get(service, service) for service in services}
    allowed = {action.partition(":")[0] for action in POLICY["Statement"][0]["Action"]}

    assert wanted - allowed == set()


def test_the_deployer_may_touch_no_roles_but_the_stack_s() -> None:
    """With any other role, who deploys could become anybody."""
    touched = {
        resource
        for statement in POLICY["Statement"]
        if any(action.startswith("iam:") for action in statement["Action"])
        and statement["Action"] != "iam:CreateServiceLinkedRole"
        for resource in statement["Resource"]
    }

    assert touched == {
        "arn:aws:iam::*:instance-profile/fechamento-*",
        "arn:aws:iam::*:role/fechamento-*",
    }


def test_the_costs_are_those_that_plan_prints() -> None:
    """Both come from one table, for the same use."""
    deployments = [
        Options(endpoint=Serverless()),
        Options(endpoint=Instances()),
        Options(bot=Bot.ECS, webhook=WEBHOOK),
    ]
    tables = [read_prices(region) for region in ("sa-east-1", "us-east-1")]
    rows = [[total(monthly(one, Usage(), prices)) for prices in tables] for one in deployments]
    rows.append([total(reference_setup(prices)) for prices in tables])
    told = re.findall(r"^\|[^|]+\| (\d+) \| (\d+) \|$", TEXT, re.MULTILINE)

    assert [[int(cell) for cell in row] for row in told] == [
        [round(cell) for cell in row] for row in rows
    ]
