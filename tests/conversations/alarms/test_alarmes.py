"""/alarmes, as operators read it, and as nobody else does."""

from bot.domain.alarms import Alarm, read
from bot.errors import StorageUnavailable
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import OPERATOR, arrived, body, later
from tests.conversations.alarms.conftest import TEAM_CHAT, GuardedChat


def known(name: str) -> Alarm:
    """An alarm as CloudWatch lists it."""
    found = read(body(name), None)
    if isinstance(found, Alarm):
        return found
    raise TypeError(name)


async def asked(team: GuardedChat, by: int = OPERATOR) -> list[str]:
    """What /alarmes is answered."""
    await team.chat.read(TEAM_CHAT)
    return await team.chat.says("/alarmes", TEAM_CHAT, by=by)


async def test_it_lists_what_is_open_the_oldest_first(team: GuardedChat) -> None:
    """What has been open longest was perhaps forgotten."""
    await team.comes(arrived("disk", since=later(minutes=2)), arrived("cpu"), arrived("rede"))
    await team.presses("Reconhecer", 2)
    await team.comes(arrived("cpu", "OK", later(minutes=3)))
    team.cloudwatch.alarms = [known("disk"), known("rede"), known("fila")]

    assert await asked(team) == [
        "Em alarme: 2\n"
        "🔴 rede · reconhecido · desde qua., 29/07, às 11:43\n"
        "🔴 disk · desde qua., 29/07, às 11:45\n"
        "Só no CloudWatch, sem aviso aqui:\n"
        "🔴 fila"
    ]
    assert await team.buttons() == [["Reconhecer disk"]]


async def test_the_list_s_button_takes_an_alarm_on(team: GuardedChat) -> None:
    """The message itself may be far above."""
    await team.comes(arrived("cpu"))
    await asked(team)
    word = await team.presses("Reconhecer cpu")
    first, listed = await team.reads()

    assert word == "Reconhecido."
    assert "\nReconhecido por " in first
    assert listed == "Em alarme: 1\n🔴 cpu · reconhecido · desde qua., 29/07, às 11:43"


async def test_nothing_open_is_said(team: GuardedChat) -> None:
    """The best answer there is."""
    assert await asked(team) == ["Nenhum alarme em aberto."]


async def test_it_answers_without_cloudwatch(team: GuardedChat) -> None:
    """And says that it asked."""
    team.cloudwatch.failure = AwsUnavailable("AccessDenied")

    assert await asked(team) == [
        "Nenhum alarme em aberto.\nO CloudWatch não respondeu; a lista é do que chegou aqui."
    ]


async def test_without_the_database_it_says_so(team: GuardedChat) -> None:
    """No list is better than a wrong one."""
    team.alarms.failure = StorageUnavailable("locked")

    assert await asked(team) == ["O banco de dados não respondeu agora; nada mudou. Tente de novo."]


async def test_for_others_there_is_no_such_command(team: GuardedChat) -> None:
    """In a group unknown commands are not answered at all."""
    await team.comes(arrived("cpu"))

    assert await asked(team, by=5) == []
    assert await team.chat.says("/alarmes", 5, by=5) == [
        "Não conheço esse comando. O que sei fazer está em /ajuda."
    ]
