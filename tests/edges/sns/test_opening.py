"""Signed messages as the mail that they bring."""

from bot.domain.alarms.mail import Arrived, Confirmation, Farewell, Refusal
from bot.edges.sns import Verifier
from bot.edges.sns.opening import SignedMail
from tests.edges.sns.signing import CONFIRMATION, NOTIFICATION, TOPIC, Aws, Signer

FAREWELL = CONFIRMATION | {"Type": "UnsubscribeConfirmation"}


async def test_each_kind_is_told_apart(verifier: Verifier, signer: Signer) -> None:
    """What follows is another thing for each."""
    opened = [
        await SignedMail(verifier).open(signer.body(fields), "text/plain; charset=UTF-8")
        for fields in (NOTIFICATION, CONFIRMATION, FAREWELL)
    ]
    kinds = [type(each) for each in opened]

    assert kinds == [Arrived, Confirmation, Farewell]
    assert isinstance(opened[0], Arrived)
    assert (opened[0].message_id, opened[0].text) == (
        NOTIFICATION["MessageId"],
        NOTIFICATION["Message"],
    )
    assert isinstance(opened[1], Confirmation)
    assert (opened[1].topic, opened[1].token) == (TOPIC.arn, CONFIRMATION["Token"])


async def test_what_is_not_genuine_is_refused(verifier: Verifier, signer: Signer) -> None:
    """For good."""
    forged = signer.envelope(NOTIFICATION) | {"Message": "outra"}

    found = await SignedMail(verifier).open(str(forged).encode(), None)
    assert found == Refusal("body is not strict JSON")


async def test_what_cannot_be_judged_now_may_come_again(
    verifier: Verifier, signer: Signer, aws: Aws
) -> None:
    """SNS has patience."""
    aws.files.clear()
    found = await SignedMail(verifier).open(signer.body(NOTIFICATION), None)

    assert isinstance(found, Refusal)
    assert found.retry
