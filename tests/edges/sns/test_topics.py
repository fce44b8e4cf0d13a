"""Who may sign for a topic, and where the certificate may lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edges.sns import MessageRefused, Topic
from tests.edges.sns.signing import NAME, TOPIC, URL

HOST = "sns.sa-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        ("arn:aws:sns:sa-east-1:111122223333:alarms", "sns.sa-east-1.amazonaws.com"),
        ("arn:aws:sns:ap-southeast-3:111122223333:a.fifo", "sns.ap-southeast-3.amazonaws.com"),
        ("arn:aws-cn:sns:cn-north-1:111122223333:alarms", "sns.cn-north-1.amazonaws.com.cn"),
        ("arn:aws-us-gov:sns:us-gov-east-1:111122223333:a", "sns.us-gov-east-1.amazonaws.com"),
    ],
)
def test_the_certificate_s_host_follows_from_the_configured_topic(arn: str, host: str) -> None:
    """The message has no say in it."""
    assert Topic.parse(arn).host == host


@pytest.mark.parametrize(
    ("arn", "signers"),
    [
        (
            "arn:aws:sns:af-south-1:111122223333:a",
            {
                "sns.amazonaws.com",
                "sns-af-south-1.amazonaws.com",
                "sns-signing.af-south-1.amazonaws.com",
                "sns.af-south-1.amazonaws.com",
            },
        ),
        (
            "arn:aws-cn:sns:cn-north-1:111122223333:a",
            {
                "sns.amazonaws.com.cn",
                "sns-cn-north-1.amazonaws.com.cn",
                "sns-signing.cn-north-1.amazonaws.com.cn",
                "sns.cn-north-1.amazonaws.com.cn",
            },
        ),
        (
            "arn:aws-us-gov:sns:us-gov-east-1:111122223333:a",
            {
                "sns.amazonaws.com",
                "sns-us-gov-west-1.amazonaws.com",
                "sns-signing.us-gov-east-1.amazonaws.com",
                "sns.us-gov-east-1.amazonaws.com",
            },
        ),
    ],
)
def test_certificates_are_issued_to_sns_under_the_names_of_its_region(
    arn: str, signers: set[str]
) -> None:
    """AWS names them differently in old, opt-in, Chinese and government regions."""
    assert Topic.parse(arn).signers == signers


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "alarms",
        "arn:aws:sns:sa-east-1:111122223333",
        "arn:aws:sns:sa-east-1:111122223333:alarms:5b6cc2f7-9a3f-5d0c-8a64-9f0f5d1f3c11",
        "arn:aws:sns:s3:111122223333:alarms",
        "arn:aws:sns:sa-east-1.evil:111122223333:alarms",
        "arn:aws:sns:sa-east-1:1234:alarms",
        "arn:aws:sqs:sa-east-1:111122223333:alarms",
        "arn:aws-iso:sns:us-iso-east-1:111122223333:alarms",
        "arn:aws:sns:sa-east-1:111122223333:alarms\n",
    ],
)
def test_what_is_no_topic_is_refused_with_the_settings(arn: str) -> None:
    """A typing error is found when the bot starts, not when the first alarm is lost."""
    with pytest.raises(ValueError, match="not the ARN of an SNS topic"):
        Topic.parse(arn)


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"http://{HOST}/{NAME}",
        f"HTTPS://{HOST}/{NAME}",
        f"https://SNS.sa-east-1.amazonaws.com/{NAME}",
        f"https://sns.us-east-1.amazonaws.com/{NAME}",
        f"https://sns.s3.amazonaws.com/{NAME}",
        f"https://s3.amazonaws.com/{NAME}",
        f"https://sns.s3-us-west-2.amazonaws.com/{NAME}",
        f"https://{HOST}.evil.example/{NAME}",
        f"https://{HOST}.cn/{NAME}",
        f"https://{HOST}./{NAME}",
        f"https://{HOST}@evil.example/{NAME}",
        f"https://evil.example@{HOST}/{NAME}",
        f"https://evil.example/https://{HOST}/{NAME}",
        f"https://{HOST}:443/{NAME}",
        f"https://{HOST}:8443/{NAME}",
        f"https://{HOST}\\@evil.example/{NAME}",
        f"https://{HOST}//{NAME}",
        f"https://{HOST}/x/../{NAME}",
        f"https://{HOST}/../{NAME}",
        f"https://{HOST}/%2e%2e/{NAME}",
        f"https://{HOST}/{NAME}?x=1",
        f"https://{HOST}/{NAME}#x",
        f"https://{HOST}/{NAME}/",
        f"https://{HOST}/{NAME}\n",
        f" https://{HOST}/{NAME}",
        f"https://{HOST}/{NAME.upper()}",
        f"https://{HOST}/SimpleNotificationService-0123456789ABCDEF.pem",
        f"https://{HOST}/SimpleNotificationService-.pem",
        f"https://{HOST}/SimpleNotificationService-{'0' * 65}.pem",
        f"https://{HOST}/SimpleNotificationService-0123456789%61bcdef.pem",
        f"https://{HOST}/evil.pem",
        NAME,
    ],
)
def test_no_other_address_of_a_certificate_is_followed(url: str) -> None:
    """Each of these has fooled somebody's pattern, or could."""
    with pytest.raises(MessageRefused, match="not the topic's own"):
        TOPIC.certificate_name(url)


def test_the_topic_s_own_address_gives_a_plain_file_name() -> None:
    """It becomes part of a path in the operator's folder."""
    assert TOPIC.certificate_name(URL) == NAME


@given(st.text(alphabet=st.sampled_from("./\\%:@?#aA0\n\0 é"), min_size=1, max_size=6), st.data())
def test_nothing_can_be_put_into_the_address(inserted: str, data: st.DataObject) -> None:
    """Only more digits of the certificate's own name may be new in it."""
    at = data.draw(st.integers(0, len(URL)))
    try:
        name = TOPIC.certificate_name(URL[:at] + inserted + URL[at:])
    except MessageRefused:
        return

    assert set(inserted) <= {"a", "0"}
    assert "/" not in name
