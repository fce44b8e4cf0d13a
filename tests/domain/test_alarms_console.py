"""Where an alarm is looked at."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alarms import Alarm, State, console_url


@pytest.mark.parametrize(
    ("arn", "region", "url"),
    [
        (
            "arn:aws:cloudwatch:sa-east-1:111122223333:alarm:cpu alta/100%",
            "sa-east-1",
            "https://sa-east-1.console.aws.amazon.com/cloudwatch/home?region=sa-east-1"
            "#alarmsV2:alarm/cpu%20alta%2F100%25",
        ),
        (
            "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:cpu",
            "cn-north-1",
            "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1"
            "#alarmsV2:alarm/cpu",
        ),
        (
            "arn:aws-us-gov:cloudwatch:us-gov-west-1:111122223333:alarm:cpu",
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home"
            "?region=us-gov-west-1#alarmsV2:alarm/cpu",
        ),
        (
            None,
            "sa-east-1",
            "https://sa-east-1.console.aws.amazon.com/cloudwatch/home?region=sa-east-1"
            "#alarmsV2:alarm/o%20nome",
        ),
        (
            None,
            "cn-northwest-1",
            "https://cn-northwest-1.console.amazonaws.cn/cloudwatch/home?region=cn-northwest-1"
            "#alarmsV2:alarm/o%20nome",
        ),
        (
            None,
            "us-gov-east-1",
            "https://us-gov-east-1.console.amazonaws-us-gov.com/cloudwatch/home"
            "?region=us-gov-east-1#alarmsV2:alarm/o%20nome",
        ),
        ("arn:aws-iso:cloudwatch:us-iso-east-1:1:alarm:cpu", "us-iso-east-1", None),
        (None, "EU (Ireland)", None),
        (None, "sa-east-1.evil.example/", None),
        (None, None, None),
    ],
)
def test_the_address_follows_the_partition(
    arn: str | None, region: str | None, url: str | None
) -> None:
    """One press from the phone to the graph; and no link at all rather than a wrong one."""
    assert console_url(Alarm("o nome", State.ALARM, arn=arn, region=region)) == url


def test_an_alarm_without_name_has_no_address() -> None:
    """The list of all alarms is not what was asked for."""
    assert console_url(Alarm("", State.ALARM, region="sa-east-1")) is None


@given(st.text(min_size=1))
def test_any_name_survives_the_address(name: str) -> None:
    """Names may hold anything, and the browser must find the same alarm."""
    url = console_url(Alarm(name, State.ALARM, region="sa-east-1")) or ""

    assert url.isascii()
    assert unquote(urlsplit(url).fragment) == f"alarmsV2:alarm/{name}"
