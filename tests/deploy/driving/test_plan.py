"""A change set in words."""

from deploy.aws.stack_facts import Change, Event, first_failure
from deploy.plan import additions, costly, headline, lines, type_in_words
from tests.deploy.driving.deployer import Deployer
from tests.deploy.driving.rehearsed.stores import NOW
from tests.deploy.driving.rehearsed.world import World

CHANGES = [
    Change("Modify", "Model", "AWS::SageMaker::Model", "True", ("PrimaryContainer",)),
    Change("Remove", "DataVolume", "AWS::EC2::Volume"),
    Change("Modify", "Endpoint", "AWS::SageMaker::Endpoint", "Conditional", ("EndpointName",)),
    Change("Modify", "Dashboard", "AWS::CloudWatch::Dashboard", "False", ("DashboardBody",)),
    Change("Add", "Bucket", "AWS::S3::Bucket"),
    Change("Modify", "Queue", "AWS::SQS::Queue", "True"),
]


def test_changes_are_told_by_what_happens_to_each() -> None:
    """The dangerous ones last, where they are seen."""
    assert lines(CHANGES) == [
        "+ Bucket      S3 bucket",
        "~ Dashboard   CloudWatch dashboard: DashboardBody",
        "~ Endpoint    SageMaker endpoint: perhaps replaced for EndpointName",
        "± Model       SageMaker model: replaced for PrimaryContainer",
        "± Queue       SQS queue: holds data",
        "− DataVolume  EC2 volume: holds data",
    ]


def test_the_headline_counts_them() -> None:
    """One line that says whether to read on."""
    assert headline(CHANGES) == "1 added, 2 changed, 2 replaced, 1 removed"


def test_what_ends_data_is_picked_out() -> None:
    """Making a bucket costs nobody anything; losing a volume does."""
    assert [change.logical_id for change in costly(CHANGES)] == ["DataVolume", "Queue"]


def test_types_are_told_in_words() -> None:
    """AWS writes them for machines."""
    types = ["AWS::SageMaker::EndpointConfig", "AWS::RDS::DBInstance", "AWS::SSM::Parameter"]

    assert [type_in_words(one) for one in types] == [
        "SageMaker endpoint config",
        "RDS DB instance",
        "SSM parameter",
    ]


def test_a_template_alone_is_all_additions() -> None:
    """Where a failed creation has to go first, AWS cannot work out any changes."""
    found = additions({"Bucket": {"Type": "AWS::S3::Bucket"}})

    assert found == (Change("Add", "Bucket", "AWS::S3::Bucket"),)


def test_the_first_failure_is_the_reason() -> None:
    """Everything after it is cancelled."""

    def event(logical: str, status: str, reason: str) -> Event:
        return Event(logical, NOW, logical, "AWS::S3::Bucket", status, reason)

    cancelled = event("A", "CREATE_FAILED", "Resource creation cancelled")
    failed = event("B", "CREATE_FAILED", "No more buckets.")
    silent = event("C", "CREATE_FAILED", "")
    done = event("D", "CREATE_COMPLETE", "")

    assert first_failure([done, cancelled, failed, silent]) == "B (S3::Bucket): No more buckets"
    assert first_failure([silent, failed]) == "C (S3::Bucket): CREATE_FAILED"
    assert first_failure([done]) == "AWS gives no reason"


def test_a_plan_of_what_stands_is_empty_and_leaves_nothing(deployer: Deployer) -> None:
    """Plan is looked at often; its change sets must not pile up."""
    deployer.apply()
    before = deployer.world.facts()
    found = deployer.plan()

    assert (found.exists, found.changes) == (True, ())
    assert deployer.world.facts() == before


def test_a_plan_of_what_does_not_exist_adds_everything_and_leaves_nothing(
    deployer: Deployer,
) -> None:
    """AWS makes an empty stack to plan a new one."""
    found = deployer.plan()

    assert not found.exists
    assert {change.action for change in found.changes} == {"Add"}
    assert deployer.world.facts() == World().facts()


def test_a_plan_of_a_stack_that_does_not_stand_touches_nothing(deployer: Deployer) -> None:
    """Mending is for apply; a plan only looks."""
    deployer.apply()
    (stack,) = deployer.world.cloudformation.stacks
    stack.status = "DELETE_FAILED"
    before = deployer.world.facts()
    found = deployer.plan()

    assert headline(found.changes).endswith(" added, 0 changed, 0 replaced, 0 removed")
    assert deployer.world.facts() == before
