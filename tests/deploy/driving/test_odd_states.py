"""States and answers that hardly ever happen, and still end in one sentence."""

import pytest

from deploy.refusals import AwsRefused, BuildFailed, NotPermitted, StackFailed
from deploy.stack.options import Options
from tests.deploy.driving.deployer import Deployer
from tests.deploy.driving.rehearsed.front import AwsError
from tests.deploy.driving.rehearsed.stacks import Stack


def the_stack(deployer: Deployer) -> Stack:
    """The one stack that stands."""
    deployer.apply()
    (stack,) = deployer.world.cloudformation.stacks
    deployer.world.reopened()
    return stack


def test_a_plan_waits_for_what_aws_is_doing(deployer: Deployer) -> None:
    """A colleague's apply may be under way."""
    stack = the_stack(deployer)
    stack.become("UPDATE_IN_PROGRESS", "User Initiated")
    stack.work = deployer.world.cloudformation._rolled_back(stack)
    found = deployer.plan()

    assert found.changes == ()
    assert (
        "AWS is still at work on fechamento (UPDATE_IN_PROGRESS); waiting" in deployer.notes.steps
    )


def test_a_plan_of_a_stuck_stack_says_who_mends_it(deployer: Deployer) -> None:
    """A plan changes nothing, not even for the better."""
    the_stack(deployer).status = "UPDATE_ROLLBACK_FAILED"

    with pytest.raises(StackFailed, match="in UPDATE_ROLLBACK_FAILED; apply begins by mending"):
        deployer.plan()


def test_a_state_of_which_nothing_is_known_is_left_alone(deployer: Deployer) -> None:
    """AWS may invent states; what they mean is for people to find out."""
    the_stack(deployer).status = "UPDATE_FAILED"

    with pytest.raises(StackFailed, match="in UPDATE_FAILED, which this program cannot mend"):
        deployer.apply()


def test_a_destroy_waits_for_what_aws_is_doing(deployer: Deployer) -> None:
    """AWS refuses to delete in the middle of an update."""
    stack = the_stack(deployer)
    stack.become("UPDATE_IN_PROGRESS", "User Initiated")
    stack.work = deployer.world.cloudformation._rolled_back(stack)
    deployer.destroy()

    assert stack.status == "DELETE_COMPLETE"


def test_a_destroy_of_what_is_going_already_waits_for_its_end(deployer: Deployer) -> None:
    """Two people may have the same idea."""
    stack = the_stack(deployer)
    deployer.world.cloudformation.delete_stack({"StackName": "fechamento"})
    left = deployer.destroy()

    assert left.found
    assert [event["ResourceStatus"] for event in stack.events].count("DELETE_IN_PROGRESS") == 1


def test_a_template_that_aws_refuses_is_told_and_its_change_set_put_away(
    deployer: Deployer,
) -> None:
    """The reason stands in the change set, not in an exception."""
    the_stack(deployer)
    deployer.options = Options(default_ticker="PETR4")
    before = deployer.world.facts()
    describe = deployer.world.cloudformation.describe_change_set

    def refused(asked: dict[str, str]) -> dict[str, object]:
        answer = describe(asked)
        failed = {"Status": "FAILED", "StatusReason": "Circular dependency.", "Changes": []}
        return answer if answer["Status"] == "CREATE_IN_PROGRESS" else answer | failed

    deployer.world.front.operations["cloudformation.DescribeChangeSet"] = refused
    with pytest.raises(StackFailed) as raised:
        deployer.apply()

    assert str(raised.value) == "CloudFormation refuses the template: Circular dependency"
    assert deployer.world.facts() == before


def test_a_build_that_somebody_stops_is_no_success(deployer: Deployer) -> None:
    """It has no phase that failed."""

    def stopped(asked: dict[str, list[str]]) -> dict[str, object]:
        return {"builds": [{"id": asked["ids"][0], "buildStatus": "STOPPED"}]}

    deployer.world.front.operations["codebuild.BatchGetBuilds"] = stopped
    with pytest.raises(BuildFailed) as raised:
        deployer.apply()

    assert str(raised.value) == "the build ended with STOPPED; its log: CloudWatch"


@pytest.mark.parametrize(
    "operation", ["s3.GetBucketTagging", "s3.ListObjectVersions", "logs.DescribeLogGroups"]
)
def test_what_destroy_may_not_do_is_told(deployer: Deployer, operation: str) -> None:
    """And done by the next run, with the permission."""
    the_stack(deployer)
    deployer.world.front.faults = {operation: AwsError("UnauthorizedOperation", "no")}
    with pytest.raises(NotPermitted):
        deployer.destroy(with_data=True)
    deployer.world.front.faults = {}
    left = deployer.destroy(with_data=True)

    assert (left.found, deployer.world.facts()["buckets"]) == (True, 0)


def test_a_bucket_that_may_not_be_looked_at_is_not_ours(deployer: Deployer) -> None:
    """Others in the account may have names that begin alike."""
    the_stack(deployer)
    deployer.world.front.faults = {"s3.GetBucketTagging": AwsError("AccessDenied", "no")}
    left = deployer.destroy(with_data=True)

    assert left.found
    assert deployer.world.facts()["buckets"] == 1


def test_an_object_that_cannot_be_deleted_is_told(deployer: Deployer) -> None:
    """S3 answers 200 to a deletion of which a part failed."""
    the_stack(deployer)
    deployer.world.front.operations["s3.DeleteObjects"] = lambda _: {
        "Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "Locked."}]
    }
    with pytest.raises(NotPermitted, match=r"for DeleteObjects \(Locked\)"):
        deployer.destroy(with_data=True)

    assert deployer.world.facts()["buckets"] == 1


def test_an_object_that_cannot_be_looked_for_is_not_taken_for_missing(deployer: Deployer) -> None:
    """Only "not found" means that it has to be uploaded."""
    the_stack(deployer)
    deployer.world.front.faults = {"s3.HeadObject": AwsError("SlowDown", "Reduce your rate.")}

    with pytest.raises(AwsRefused) as raised:
        deployer.apply()
    assert str(raised.value) == "AWS answered SlowDown to HeadObject: Reduce your rate"
    assert deployer.world.front.counted["s3.PutObject"] == 0
