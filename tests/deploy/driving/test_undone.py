"""What fails on AWS is undone and said in one sentence, and the next run gets over it.

Against the rehearsed AWS, since nothing fails or rolls back in moto.
"""

from dataclasses import replace

import pytest

from deploy.aws.stack_facts import STACK_TAG, Change
from deploy.refusals import (
    AwsRefused,
    BuildFailed,
    ModelDisagrees,
    NameTaken,
    NotPermitted,
    QuotaReached,
    Refused,
    StackFailed,
)
from deploy.stack.options import Bot, Options, Serving, Webhook
from tests.deploy.driving.deployer import Deployer
from tests.deploy.driving.rehearsed.front import AwsError
from tests.deploy.driving.rehearsed.world import World

APPLYING = (
    "cloudformation.CreateChangeSet", "cloudformation.DescribeChangeSet",
    "cloudformation.DescribeStackEvents", "cloudformation.DescribeStacks",
    "cloudformation.ExecuteChangeSet", "codebuild.BatchGetBuilds",
    "codebuild.ListBuildsForProject", "codebuild.StartBuild", "ecr.DescribeImages",
    "s3.HeadObject", "s3.ListBuckets", "s3.PutObject", "sagemaker-runtime.InvokeEndpoint",
    "secretsmanager.DescribeSecret", "secretsmanager.PutSecretValue", "sts.GetCallerIdentity",
)  # fmt: skip
WEBHOOK = Webhook("bot.example.com", "arn:aws:acm:sa-east-1:123456789012:certificate/1")


def refusal(deployer: Deployer) -> Refused:
    """What ends `apply`."""
    with pytest.raises(Refused) as raised:
        deployer.apply()
    return raised.value


def whole(deployer: Deployer) -> object:
    """The facts after an apply that nothing disturbs, in another account."""
    other = replace(deployer, world=World())
    other.apply()
    return other.world.facts()


def test_a_stack_that_cannot_be_made_leaves_nothing(deployer: Deployer) -> None:
    """The bucket, which outlives the stack on purpose, would be left otherwise."""
    deployer.world.cloudformation.failing = {"ServingRepository": "fechamento/serving exists."}
    refused = refusal(deployer)

    assert deployer.world.facts() == World().facts()
    assert isinstance(refused, StackFailed)
    assert str(refused) == (
        "the stack could not be made and was removed again: "
        "ServingRepository (ECR::Repository): fechamento/serving exists"
    )


def test_a_failed_update_is_undone_and_the_first_reason_told(deployer: Deployer) -> None:
    """What is cancelled after a failure fails too, but is not why."""
    deployer.apply()
    before = deployer.world.facts()
    deployer.options = Options(default_ticker="PETR4")
    deployer.world.cloudformation.failing = {"LaunchTemplate": "You have reached your quota."}
    refused = refusal(deployer)

    assert deployer.world.facts() == before | {"stacks": rolled_back(before)}
    assert str(refused) == (
        "the update failed and was undone: "
        "LaunchTemplate (EC2::LaunchTemplate): You have reached your quota"
    )


def test_a_failed_first_update_leaves_what_was_prepared_for_the_next(deployer: Deployer) -> None:
    """Uploads and images need not be made again when the reason is mended."""
    deployer.world.cloudformation.failing = {"Endpoint": "ResourceLimitExceeded"}
    refused = refusal(deployer)
    deployer.world.cloudformation.failing = {}
    deployer.apply()

    assert str(refused) == (
        "the update failed and was undone: Endpoint (SageMaker::Endpoint): ResourceLimitExceeded; "
        "what was prepared stays for the next try, and destroy removes it"
    )
    assert deployer.world.facts() == whole(deployer)


def test_a_stack_stuck_in_its_rollback_is_freed_by_the_next_run(deployer: Deployer) -> None:
    """UPDATE_ROLLBACK_FAILED takes no update before the rollback is continued."""
    deployer.apply()
    deployer.options = Options(default_ticker="PETR4")
    deployer.world.cloudformation.failing = {"LaunchTemplate": "Busy"}
    deployer.world.cloudformation.stuck = 1
    refused = refusal(deployer)
    deployer.world.cloudformation.failing = {}
    deployer.apply()

    assert str(refused) == (
        "the update failed and fechamento is left in UPDATE_ROLLBACK_FAILED: "
        "LaunchTemplate (EC2::LaunchTemplate): Busy; "
        "apply brings it to rest when it is run again"
    )
    assert deployer.world.facts() == whole(deployer)


def test_a_stack_that_stays_stuck_is_said_instead_of_tried_for_ever(deployer: Deployer) -> None:
    """Only a person can mend what holds AWS up."""
    deployer.apply()
    deployer.options = Options(default_ticker="PETR4")
    deployer.world.cloudformation.failing = {"LaunchTemplate": "Busy"}
    deployer.world.cloudformation.stuck = 5
    refusal(deployer)

    assert str(refusal(deployer)) == (
        "fechamento stays in UPDATE_ROLLBACK_FAILED: Endpoint (SageMaker::Endpoint): Busy"
    )


@pytest.mark.parametrize("operation", APPLYING)
def test_a_missing_permission_is_named_and_its_grant_lets_the_next_run_finish(
    deployer: Deployer, operation: str
) -> None:
    """Whichever it is of those that apply needs; a deployer's rights grow one by one."""
    action = operation.replace("-runtime.", ":").replace(".", ":")
    told = f"User: deployer is not authorized to perform: {action} on resource: *"
    deployer.world.front.faults = {operation: AwsError("AccessDeniedException", told)}
    refused = refusal(deployer)
    deployer.world.front.faults = {}
    deployer.apply()

    assert isinstance(refused, NotPermitted)
    assert str(refused) == f"these credentials lack the permission for {action} ({told})"
    assert deployer.world.facts() == whole(deployer)


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (
            "LimitExceededException",
            QuotaReached,
            "a quota of the account is reached in sa-east-1 (CreateChangeSet: Too many stacks)",
        ),
        (
            "AlreadyExistsException",
            NameTaken,
            "the name is taken (CreateChangeSet: Too many stacks)",
        ),
        ("SlowDown", AwsRefused, "AWS answered SlowDown to CreateChangeSet: Too many stacks"),
    ],
)
def test_what_aws_refuses_at_once_changes_nothing(
    deployer: Deployer, code: str, kind: type, sentence: str
) -> None:
    """A quota, a name that is taken, anything else: one sentence each."""
    error = AwsError(code, "Too many stacks.")
    deployer.world.front.faults = {"cloudformation.CreateChangeSet": error}
    refused = refusal(deployer)

    assert (type(refused), str(refused)) == (kind, sentence)
    assert deployer.world.facts() == World().facts()


@pytest.mark.parametrize("run", [Deployer.apply, Deployer.plan, Deployer.destroy])
def test_a_stack_of_somebody_else_is_left_alone(deployer: Deployer, run: object) -> None:
    """The same name by chance; its owner would not be amused."""
    deployer.apply()
    (stack,) = deployer.world.cloudformation.stacks
    stack.tags = [{"Key": "owner", "Value": "accounting"}]
    before = deployer.world.facts()

    assert callable(run)
    with pytest.raises(NameTaken, match="was not made by this program; take another --name"):
        run(deployer)
    assert deployer.world.facts() == before


def test_a_stack_under_somebody_else_s_review_is_left_alone(deployer: Deployer) -> None:
    """A plan of ours has change sets with our names, and no others."""
    client = deployer.clients.cloudformation
    with deployer.world.front.behind(deployer.clients):
        client.create_change_set(
            StackName="fechamento",
            ChangeSetName="theirs",
            ChangeSetType="CREATE",
            TemplateBody='{"Resources": {}, "Outputs": {}}',
            Parameters=[],
            Tags=[{"Key": STACK_TAG, "Value": "other"}],
        )

    assert isinstance(refusal(deployer), NameTaken)


def test_a_failed_build_is_told_with_its_log_and_tried_again_by_the_next_run(
    deployer: Deployer,
) -> None:
    """The reason stands in the phase that failed."""
    deployer.world.codebuild.reason = "docker build: exit status 1."
    refused = refusal(deployer)
    deployer.world.codebuild.reason = ""
    deployer.apply()

    assert (type(refused), str(refused)) == (
        BuildFailed,
        "the build failed in BUILD: docker build: exit status 1; its log: https://logs.example/1",
    )
    assert deployer.world.facts() == whole(deployer) | {"builds": 2}  # type: ignore[operator]


def test_a_build_without_an_image_is_no_success(deployer: Deployer) -> None:
    """SageMaker would complain much later, and less clearly."""
    deployer.world.codebuild.pushes = False

    assert str(refusal(deployer)).startswith("the build succeeded but left no fechamento/serving:")


def test_an_endpoint_that_answers_something_else_is_told(deployer: Deployer) -> None:
    """The stack stands, and serves a model that is not the one meant."""
    deployer.apply()
    right = deployer.world.runtime.answer
    deployer.world.front.operations["sagemaker-runtime.InvokeEndpoint"] = lambda _: {
        "Body": Answer(right.replace(b"median", b"mediana"))
    }

    assert isinstance(refusal(deployer), ModelDisagrees)


class Answer:
    """A body."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        """All of it."""
        return self._content


def test_an_endpoint_that_is_not_awake_yet_is_asked_again(deployer: Deployer) -> None:
    """A serverless endpoint starts with the first question."""
    deployer.world.runtime.errors = [AwsError("ModelNotReadyException", "loading")] * 3
    deployer.apply()

    assert deployer.world.front.counted["sagemaker-runtime.InvokeEndpoint"] == 4


def test_an_endpoint_that_never_wakes_up_is_told(deployer: Deployer) -> None:
    """Waiting has an end."""
    deployer.world.runtime.errors = [AwsError("ModelNotReadyException", "loading")] * 9

    assert (
        str(refusal(deployer)) == "AWS answered ModelNotReadyException to InvokeEndpoint: loading"
    )


def test_what_holds_data_is_not_ended_without_consent(deployer: Deployer) -> None:
    """The bot's machine takes its volume, and with it every subscription, along."""
    deployer.apply()
    before = deployer.world.facts()
    deployer.options = Options(bot=Bot.NONE)
    asked: list[str] = []

    def no(changes: list[Change]) -> bool:
        asked.extend(change.logical_id for change in changes)
        return False

    deployer.agreed = no
    refused = refusal(deployer)

    assert str(refused) == "nothing was changed"
    assert asked == ["TokenSecret", "DataVolume"]
    assert deployer.world.facts() == before


def test_another_kind_of_serving_is_prepared_before_the_old_one_goes(deployer: Deployer) -> None:
    """The image has to be built while the endpoint that needs none still runs."""
    deployer.options = Options(serving=Serving.TENSORFLOW)
    deployer.apply()
    deployer.options = Options()
    deployer.apply()
    standing = [line for line in deployer.notes.steps if line.startswith("fechamento: ")]

    assert deployer.world.facts()["images"] == whole(deployer)["images"]  # type: ignore[index]
    assert "0 removed" in standing[2]


def test_on_ecs_the_bot_has_an_image_of_its_own(deployer: Deployer) -> None:
    """Both are built from the same source, under the same tag."""
    deployer.options = Options(bot=Bot.ECS, webhook=WEBHOOK)
    deployer.apply()
    images = deployer.world.facts()["images"]

    assert sorted(images) == ["fechamento/bot", "fechamento/serving"]
    assert images["fechamento/bot"] == images["fechamento/serving"]
    assert deployer.world.facts()["builds"] == 2


def test_the_token_is_asked_for_once(deployer: Deployer) -> None:
    """It is rotated in Secrets Manager, not here."""
    deployer.apply()
    deployer.world.reopened()
    deployer.apply()

    assert deployer.world.front.counted["secretsmanager.PutSecretValue"] == 0


def test_a_destroy_that_aws_cannot_finish_is_told_and_finished_by_the_next(
    deployer: Deployer,
) -> None:
    """DELETE_FAILED is a state like others."""
    deployer.apply()
    deployer.world.cloudformation.undeletable = 1
    with pytest.raises(StackFailed) as raised:
        deployer.destroy(with_data=True)
    deployer.destroy(with_data=True)

    assert str(raised.value) == (
        "fechamento could not be removed: Bucket (S3::Bucket): It is in use"
    )
    assert deployer.world.facts() == World().facts() | {"builds": 1}


def test_a_stack_whose_removal_failed_is_made_again_by_apply(deployer: Deployer) -> None:
    """Who changes his mind after a failed destroy need not clean up first."""
    deployer.apply()
    deployer.world.cloudformation.undeletable = 1
    with pytest.raises(StackFailed):
        deployer.destroy()
    deployer.apply()

    assert [status for _, status, _, _ in deployer.world.facts()["stacks"]] == ["COMPLETE"]


def rolled_back(facts: dict[str, object]) -> list[object]:
    """The same stacks after an update that was undone."""
    stacks = facts["stacks"]
    assert isinstance(stacks, list)
    return [(name, "ROLLBACK_COMPLETE", *rest) for name, _, *rest in stacks]
