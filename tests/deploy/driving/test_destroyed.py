"""What destroy leaves, and what it says about it."""

import pytest

from deploy.destroying import Left, is_log_of, told
from tests.deploy.driving.deployer import Deployer
from tests.deploy.driving.rehearsed.world import World


def test_the_bucket_and_the_snapshots_stay_unless_asked_for(deployer: Deployer) -> None:
    """What the model was trained into, and who had subscribed, cannot be made again."""
    deployer.apply()
    deployer.world.rds.names = ["fechamento-snapshot-database-x", "other-snapshot-database-x"]
    left = deployer.destroy()

    assert left == Left(
        found=True,
        buckets={"fechamento-bucket-1": 2},
        snapshots=("snap-0", "fechamento-snapshot-database-x"),
    )


def test_with_data_nothing_of_ours_stays_and_all_of_others(deployer: Deployer) -> None:
    """Also when the stack itself went long ago."""
    world = deployer.world
    deployer.apply()
    world.rds.names = ["fechamento-snapshot-database-x", "other-snapshot-database-x"]
    world.ec2.snapshots["snap-other"] = "fechamento-teste"
    world.s3.buckets["fechamento-teste-bucket-1"] = {}
    world.s3.tags["fechamento-teste-bucket-1"] = {"aws:cloudformation:stack-name": "other"}
    world.s3.buckets["fechamento-photos"] = {"a.png": [{}]}
    world.logs.groups |= {"/aws/sagemaker/Endpoints/fechamento-serverless-serverless"}
    deployer.destroy()
    world.logs.groups |= {"/aws/sagemaker/Endpoints/fechamento-serverless"}
    left = deployer.destroy(with_data=True)

    assert left == Left(found=True, buckets={}, snapshots=())
    assert world.facts() == World().facts() | {
        "builds": 1,
        "buckets": 2,
        "objects": [("a.png", 1)],
        "snapshots": (["snap-other"], ["other-snapshot-database-x"]),
        "logs": ["/aws/sagemaker/Endpoints/fechamento-serverless-serverless"],
    }


def test_where_nothing_is_nothing_is_removed(deployer: Deployer) -> None:
    """A mistyped name or region is noticed."""
    left = deployer.destroy(with_data=True)

    assert told(left) == ["there was nothing to remove"]


@pytest.mark.parametrize(
    ("left", "sentences"),
    [
        (Left(found=True, buckets={}, snapshots=()), ["removed; nothing is left"]),
        (
            Left(found=True, buckets={"b": 1200}, snapshots=("s",)),
            [
                "removed",
                "kept: bucket b, 1,200 versions",
                "kept: snapshot s",
                "`destroy --with-data` removes these too",
            ],
        ),
    ],
)
def test_what_is_left_is_told(left: Left, sentences: list[str]) -> None:
    """It goes on costing something."""
    assert told(left) == sentences


@pytest.mark.parametrize(
    ("group", "ours"),
    [
        ("/fechamento/bot", True),
        ("/fechamento-teste/bot", False),
        ("/aws/sagemaker/Endpoints/fechamento-serverless", True),
        ("/aws/sagemaker/Endpoints/fechamento-instances", True),
        ("/aws/sagemaker/Endpoints/fechamento-serverless-instances", False),
        ("/aws/sagemaker/TrainingJobs", False),
    ],
)
def test_the_logs_of_a_deployment_are_known_by_their_names(group: str, *, ours: bool) -> None:
    """A deployment may be called like the beginning of another."""
    assert is_log_of("fechamento", group) is ours
