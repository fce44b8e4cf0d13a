"""Alarms from where AWS puts them to the operators' chat, through the real process."""

from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from tests.alarm_guard import body
from tests.edges.sns.signing import NAME, NOTIFICATION, TOPIC, make_signer
from tests.moto_server import REGION, aws_here, topic_into_queue
from tests.starting.bots import SESSION, Chat, Settings, eventually, free_port, started

pytestmark = pytest.mark.slow

TEAM = 1
AT = f"{SESSION}T11:50"


def read(chat: Chat) -> list[dict[str, Any]]:
    """What the bot has written to the operators, notices of its start apart."""
    messages = chat.asked("GET", f"/chats/{TEAM}/messages?after=0")
    return [m for m in messages if m["from"] == "bot" and "Bot no ar" not in m["text"]]


def test_an_alarm_of_the_queue_is_read_and_taken(
    served: Settings, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SNS → SQS → bot → chat, and the button's press is seen by everybody."""
    chat.asked("GET", f"/chats/{TEAM}/messages?after=0")
    with aws_here(monkeypatch):
        topic, queue = topic_into_queue()
        alarms = {"ALARM_QUEUE_URL": queue, "ALARM_TOPIC_ARNS": topic, "AWS_REGION": REGION}
        team = {"ALARM_CHAT_IDS": str(TEAM), "ADMIN_IDS": "1"}
        with started({**served, **alarms, **team}, "--at", AT):
            sns = boto3.Session(region_name=REGION).client("sns")
            sns.publish(TopicArn=topic, Message=body("critico-cpu-do-bot"))
            [alarm] = eventually(lambda: read(chat))
            press = {
                "message_id": alarm["message_id"],
                "data": alarm["buttons"][0][0]["data"],
                "from": {"id": 1, "first_name": "Ana"},
            }
            chat.asked("POST", f"/chats/{TEAM}/callbacks", press)
            taken = eventually(lambda: [m for m in read(chat) if m["edited"]])[0]

    assert "Em alarme: critico-cpu-do-bot" in alarm["text"]
    assert "CPUUtilization média em 5 min" in alarm["text"]
    assert alarm["buttons"][0][0]["text"] == "Reconhecer"
    assert "Ana" in taken["text"]


def test_a_signed_message_is_taken_and_a_changed_one_is_not(
    served: Settings, chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`POST /sns` stands open to the internet."""
    signer, port = make_signer(), free_port()
    (tmp_path / "pinned").mkdir()
    (tmp_path / "pinned" / NAME).write_bytes(signer.pem)
    alarms = {
        "ALARM_TOPIC_ARNS": TOPIC.arn,
        "SNS_CERTIFICATES": str(tmp_path / "pinned"),
        "ALARM_CHAT_IDS": str(TEAM),
        "HTTP_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}/sns"
    chat.asked("GET", f"/chats/{TEAM}/messages?after=0")
    with aws_here(monkeypatch), started({**served, **alarms}, "--at", "2026-11-23T12:00") as bot:
        bot.has_logged("lease taken")
        forged = signer.envelope(NOTIFICATION) | {"Message": "pague aqui"}
        refused = httpx.post(url, json=forged, timeout=20)
        taken = httpx.post(url, content=signer.body(NOTIFICATION), timeout=20)
        again = httpx.post(url, content=signer.body(NOTIFICATION), timeout=20)
        read_by_people = eventually(lambda: read(chat))

    assert [answer.status_code for answer in (refused, taken, again)] == [403, 200, 200]
    assert ["segunda linha" in message["text"] for message in read_by_people] == [True]
