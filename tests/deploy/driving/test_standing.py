"""What status shows."""

import pytest

from deploy.aws.account import account
from deploy.refusals import NothingThere
from deploy.standing import lines, standing
from tests.deploy.driving.deployer import REGION, Deployer
from tests.deploy.driving.rehearsed.front import AwsError
from tests.deploy.driving.rehearsed.stores import NOW


def shown(deployer: Deployer) -> list[str]:
    """The lines of `status`."""
    front = deployer.world.front
    with front.behind(deployer.clients):
        return lines(standing(account(deployer.clients, REGION, front.wait), "fechamento", NOW))


def test_what_stands_is_shown_with_its_alarms_first(deployer: Deployer) -> None:
    """Alarms of other stacks are none of ours."""
    deployer.apply()
    (stack,) = deployer.world.cloudformation.stacks
    alarm = stack.resources["AlarmErrosDoModelo"]
    deployer.world.cloudwatch.firing = (alarm, "critico-fechamento-teste-erros-do-modelo")
    deployer.world.cloudwatch.invocations = (1200.0, 34.0)

    assert shown(deployer) == [
        f"ALARM        {alarm}, since 2026-11-23 15:00 UTC",
        "stack        fechamento: UPDATE_COMPLETE",
        "last deploy  2026-11-23 15:00 UTC",
        "endpoint     fechamento-serverless: InService",
        "model        tiny 1",
        f"artifact     {stack.parameters['ArtifactSha256']}",
        f"source       {stack.parameters['SourceKey']}",
        "invocations  1,234 in the last 7 days",
        f"dashboard    {stack.template['Outputs']['DashboardUrl']['Value']['Fn::Sub']}",
    ]


def test_what_cannot_be_known_is_said_to_be_unknown(deployer: Deployer) -> None:
    """Who may deploy need not be allowed to read metrics, and an artifact can be gone."""
    deployer.apply()
    deployer.world.front.faults = {"cloudwatch.GetMetricStatistics": AwsError("AccessDenied")}
    deployer.world.sagemaker.endpoints.clear()
    for bucket in deployer.world.s3.buckets.values():
        bucket.clear()
    found = shown(deployer)

    assert [found[2], found[3], found[6]] == [
        "endpoint     fechamento-serverless: missing",
        "model        unknown",
        "invocations  unknown in the last 7 days",
    ]


def test_what_was_only_prepared_has_no_endpoint(deployer: Deployer) -> None:
    """After a first update that failed."""
    deployer.world.cloudformation.failing = {"Endpoint": "no"}
    with pytest.raises(Exception, match="the update failed"):
        deployer.apply()
    found = shown(deployer)

    assert found[0] == "stack        fechamento: UPDATE_ROLLBACK_COMPLETE"
    assert found[2:] == [
        "endpoint     none",
        "model        unknown",
        "artifact     none",
        f"source       {deployer.world.cloudformation.stacks[0].parameters['SourceKey']}",
        "invocations  unknown in the last 7 days",
        "dashboard    none",
    ]


def test_a_stack_that_is_not_there_is_said_with_region_and_account(deployer: Deployer) -> None:
    """Nine times in ten it is the wrong one of the two."""
    with pytest.raises(NothingThere) as raised:
        shown(deployer)

    assert str(raised.value) == ("there is no stack fechamento in sa-east-1 (account 123456789012)")
