"""What a machine must have before anything is started on it."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.edges.local_processes import LocalChat, ServingNotInstalled, StandIns

CHAT = LocalChat(0, "none", None)


@pytest.mark.parametrize("chat", [None, CHAT])
def test_without_what_serves_the_model_nothing_is_started(chat: LocalChat | None) -> None:
    """One sentence with both ways out, in place of a traceback of another process."""
    asked: list[str] = []

    with pytest.raises(ServingNotInstalled) as refused, ExitStack() as running:
        StandIns.start(Path("artifact"), chat, running, asked.append)

    assert asked == ["onnxruntime"]
    assert str(refused.value) == (
        "onnxruntime, which serves the model on this machine, is not installed: "
        'pip install "fechamento[bot,serving]", as `make run` does, '
        "or name an endpoint in SAGEMAKER_ENDPOINT"
    )


def test_where_an_endpoint_answers_nothing_has_to_be_installed() -> None:
    """The bot's container is 73 MB smaller for it."""
    with ExitStack() as running:
        stand_ins = StandIns.start(None, None, running, lambda _name: None)

    assert stand_ins.urls() == (None, None)
