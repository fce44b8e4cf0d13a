"""From nothing to a deployment and back, by the real commands, real boto3 and moto's server.

What moto does unlike AWS and how that is put right stands in `corrected_moto`; InvokeEndpoint goes
to this machine's own endpoint.  The bot itself is left out (`--bot none`): moto cannot delete a
network whose machines a group has started.  Nothing ever fails in moto, nor takes any time: for
that see `test_interrupted` and `test_undone`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from deploy import commands
from tests.artifacts import make_tiny_artifact
from tests.deploy.driving.checkout import small_checkout
from tests.deploy.driving.deployer import REGION
from tests.deploy.driving.local_endpoint import endpoint

pytestmark = pytest.mark.slow

KINDS: dict[str, list[str]] = {
    "serverless": [],
    "instances": ["--instance", "ml.t2.medium"],
    "tensorflow": ["--serving", "tensorflow"],
}


LISTED = {
    ("cloudformation", "describe_stacks"): "Stacks",
    ("s3", "list_buckets"): "Buckets",
    ("ecr", "describe_repositories"): "repositories",
    ("codebuild", "list_projects"): "projects",
    ("iam", "list_roles"): "Roles",
    ("logs", "describe_log_groups"): "logGroups",
    ("sagemaker", "list_models"): "Models",
    ("sagemaker", "list_endpoint_configs"): "EndpointConfigs",
    ("sagemaker", "list_endpoints"): "Endpoints",
    ("sns", "list_topics"): "Topics",
    ("sqs", "list_queues"): "QueueUrls",
    ("cloudwatch", "list_dashboards"): "DashboardEntries",
    ("secretsmanager", "list_secrets"): "SecretList",
}
"""Operations that list an account's resources, and the field of the answer that has them."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs commands of `python -m deploy` about one kind of deployment."""

    kind: str
    route_to: Callable[[Path], None]

    def runs(self, command: str, *options: str) -> list[str]:
        """The lines that a command writes; it has to end with 0."""
        chosen = KINDS[self.kind] + ["--bot", "none"] if command in {"plan", "apply"} else []
        result = CliRunner().invoke(commands.app, [command, *chosen, *options])

        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()


@pytest.fixture(params=KINDS)
def terminal(
    request: pytest.FixtureRequest, moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """A terminal beside an empty AWS, in a folder without deployment.toml."""
    assert moto
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "ROOT", small_checkout(tmp_path / "checkout"))
    kind = request.param
    name = f"fechamento-{'instances' if kind == 'instances' else 'serverless'}"
    with ExitStack() as running:

        def route_to(artifact: Path) -> None:
            serving = endpoint(name, artifact, tensorflow=kind == "tensorflow")
            address = running.enter_context(serving)
            monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", address)

        route_to(commands.SHIPPED)
        yield Terminal(kind, route_to)


@pytest.fixture
def everything(moto: str) -> Callable[[], dict[str, int]]:
    """Counts how many resources of each kind the account has; its clients are made once."""
    assert moto
    session: Any = boto3.Session(region_name=REGION)  # its types want literal names
    clients = {service: session.client(service) for service, _ in LISTED}
    return lambda: {
        field: len(getattr(clients[service], operation)().get(field, []))
        for (service, operation), field in LISTED.items()
    }


def test_a_deployment_comes_stays_changes_and_goes_without_a_trace(
    terminal: Terminal, everything: Callable[[], dict[str, int]], tmp_path: Path
) -> None:
    """The whole life of a deployment, counted: what apply makes, destroy takes away again."""
    before = everything()

    planned = terminal.runs("plan")
    assert everything() == before
    assert planned[0].startswith("fechamento in sa-east-1 (account 123456789012): ")

    applied = terminal.runs("apply")
    deployed = everything()
    assert "deployed" in applied

    again = terminal.runs("apply")
    assert "nothing to change" in again
    assert everything() == deployed

    tiny = make_tiny_artifact(tmp_path / "tiny")
    terminal.route_to(tiny)
    updated = terminal.runs("apply", "--artifact", str(tiny))
    assert "deployed" in updated
    assert everything() == deployed
    assert "model        tiny 1" in terminal.runs("status")

    kept = terminal.runs("destroy", "--yes")
    assert everything() == before | {"Buckets": before["Buckets"] + 1}
    assert kept[-1] == "`destroy --with-data` removes these too"

    gone = terminal.runs("destroy", "--yes", "--with-data")
    assert everything() == before
    assert gone[-1] == "removed; nothing is left"
