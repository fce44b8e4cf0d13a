"""Alarms, as the operators' group reads them."""

import pytest

from bot.domain.alarms import Alarm, read
from bot.domain.alarms.mail import Arrived, Confirmation, Farewell
from bot.domain.places import Place
from bot.errors import StorageUnavailable
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import NOW, TOPIC, arrived, body, guard, later, number, text
from tests.conversations.alarms.conftest import TEAM_CHAT, GuardedChat
from tests.conversations.conftest import Chat

CPU = arrived("cpu")
CPU_OVER = arrived("cpu", "OK", later(minutes=12))
ALARM = (
    "🔴 Em alarme: cpu\n"
    "CPUUtilization média em 5 min ficou em 93,1 % (limite: acima de 80 %, 3 de 3 períodos).\n"
    "AWS/ECS · ServiceName: fechamento\n"
    "Desde qua., 29/07, às 11:43; antes, normal.\n"
    "Conta 111122223333 · sa-east-1"
)
ALL_BUTTONS = [["Reconhecer", "Abrir"], ["Silenciar 1 h", "Silenciar 4 h", "Silenciar 24 h"]]
BACK = (
    "🟢 cpu voltou ao normal depois de 12 min.\n"
    "CPUUtilization média em 5 min voltou a 93,1 % (limite: acima de 80 %, 3 de 3 períodos)."
)


async def test_an_alarm_is_one_message_with_what_can_be_done(team: GuardedChat) -> None:
    """Everything that somebody who is woken up wants to know, on one glance."""
    await team.comes(CPU)
    (post,) = await team.posts()

    assert await team.reads() == [ALARM]
    assert await team.buttons() == ALL_BUTTONS
    assert not post["silent"]


async def test_ok_edits_the_message_and_replies_briefly(team: GuardedChat) -> None:
    """Nobody has to look for what belongs together."""
    await team.comes(CPU)
    await team.after(minutes=13)
    await team.comes(CPU_OVER)
    posts = await team.posts()

    assert await team.reads() == [f"🟢 Resolvido às 11:55, depois de 12 min.\n{ALARM}", BACK]
    assert [post["silent"] for post in posts] == [False, True]
    assert posts[1]["reply_to"] == posts[0]["message_id"]
    assert await team.buttons(0) == [["Abrir"]]


async def test_who_acknowledges_is_shown_by_first_name(team: GuardedChat) -> None:
    """The others know that somebody is at it."""
    await team.comes(CPU)
    word = await team.presses("Reconhecer")
    (shown,) = await team.reads()

    assert word == "Reconhecido."
    assert shown.startswith(f"{ALARM}\nReconhecido por ")
    assert shown.endswith(" às 11:43.")
    assert await team.buttons() == [["Abrir"], ALL_BUTTONS[1]]


async def test_the_name_is_asked_of_telegram_after_a_restart(team: GuardedChat) -> None:
    """The database keeps a number; the chat's own people are no secret to the chat."""
    await team.comes(CPU)
    await team.presses("Reconhecer")
    (before,) = await team.reads()
    team.telling.names._known.clear()
    await team.comes(CPU_OVER)
    after = (await team.reads())[0]

    assert after == f"🟢 Resolvido às 11:55, depois de 12 min.\n{before}"


async def test_what_is_acknowledged_is_not_repeated(team: GuardedChat) -> None:
    """Nor does a second press make a second owner."""
    await team.comes(CPU)
    pressed = (await team.posts())[0]["buttons"][0][0]["data"]
    await team.presses("Reconhecer")
    await team.after(hours=9)
    count = len(await team.reads())

    assert count == 1
    assert (await team.presses_stray(pressed)).startswith("Já reconhecido por ")


async def test_what_nobody_acknowledges_is_repeated(team: GuardedChat) -> None:
    """CloudWatch tells once; the person may have been asleep."""
    await team.comes(CPU)
    for minutes in (15, 45, 180, 600):
        await team.after(minutes=minutes)
    headings = [words.splitlines()[0] for words in await team.reads()]

    assert headings == [
        "🔴 Em alarme: cpu",
        "🔴 Há 15 min em alarme: cpu",
        "🔴 Há 1 h 00 min em alarme: cpu",
        "🔴 Há 4 h 00 min em alarme: cpu",
    ]


async def test_a_reminder_is_no_end_of_the_story_either(team: GuardedChat) -> None:
    """All messages about an alarm say how it stands."""
    await team.comes(CPU)
    await team.after(minutes=15)
    await team.presses("Reconhecer", 1)
    first, reminder = await team.reads()

    assert first.splitlines()[-1] == reminder.splitlines()[-1]
    assert await team.buttons(0) == await team.buttons(1) == [["Abrir"], ALL_BUTTONS[1]]


async def test_nothing_is_repeated_that_cloudwatch_knows_to_be_over(team: GuardedChat) -> None:
    """Many alarms never tell that they are over, and a muted one does not either."""
    await team.comes(CPU)
    now_fine = read(body("cpu", "OK", later(minutes=5)), None)
    assert isinstance(now_fine, Alarm)
    team.cloudwatch.alarms = [now_fine]
    await team.after(minutes=15)

    assert await team.reads() == [f"🟢 Resolvido às 11:48, depois de 5 min.\n{ALARM}"]


async def test_it_is_repeated_when_cloudwatch_says_nothing(team: GuardedChat) -> None:
    """Better once too often."""
    await team.comes(CPU)
    team.cloudwatch.failure = AwsUnavailable("AccessDenied")
    await team.after(minutes=15)

    assert len(await team.reads()) == 2


@pytest.mark.parametrize(
    ("failure", "where"),
    [(None, "Também no CloudWatch."), (AwsUnavailable("x"), "Só aqui: o CloudWatch não aceitou.")],
)
async def test_silence_reaches_as_far_as_it_may(
    team: GuardedChat, failure: AwsUnavailable | None, where: str
) -> None:
    """And the operator is told how far that is."""
    await team.comes(CPU)
    team.cloudwatch.failure = failure
    word = await team.presses("Silenciar 4 h")
    await team.after(hours=3, minutes=59)
    (shown,) = await team.reads()
    await team.after(minutes=1)

    assert word == f"Silenciado até qua., 29/07, às 15:43. {where}"
    assert shown == f"{ALARM}\nSilenciado até qua., 29/07, às 15:43."
    assert team.cloudwatch.muted == ([] if failure else [(["cpu"], later(hours=4))])
    assert len(await team.reads()) == 2


async def test_a_silenced_alarm_that_comes_again_makes_no_sound(team: GuardedChat) -> None:
    """It is read, and wakes nobody."""
    await team.comes(CPU)
    await team.presses("Silenciar 4 h")
    await team.comes(CPU_OVER, arrived("cpu", since=later(minutes=20)))

    assert [post["silent"] for post in await team.posts()] == [False, True, True]


@pytest.mark.parametrize("label", ["Reconhecer", "Silenciar 24 h"])
async def test_only_operators_press(team: GuardedChat, label: str) -> None:
    """The group may have other members."""
    await team.comes(CPU)
    word = await team.presses(label, by=5)

    assert word == "Só quem opera o serviço pode usar este botão."
    assert await team.reads() == [ALARM]


@pytest.mark.parametrize("data", ["al:x:1", "al:r:", "al:s2:abc", "al:r:" + "a" * 51])
async def test_a_button_that_was_never_made_says_so(team: GuardedChat, data: str) -> None:
    """Of an older version, perhaps."""
    assert await team.presses_stray(data) == "Não encontrei mais este alarme."


async def test_without_the_database_a_press_changes_nothing_and_says_so(team: GuardedChat) -> None:
    """Who thinks that he has taken it on must not be wrong."""
    await team.comes(CPU)
    team.alarms.failure = StorageUnavailable("locked")
    word = await team.presses("Reconhecer")

    assert word == "O banco de dados não respondeu agora; nada mudou. Tente de novo."


async def test_a_storm_is_told_together_and_each_alarm_is_named(team: GuardedChat) -> None:
    """Nothing is lost in it."""
    await team.comes(*(arrived(f"host-{each:02}") for each in range(30)))
    before = len(await team.reads())
    await team.after(seconds=15)
    digest = (await team.reads())[-1].splitlines()

    assert before == 5
    assert digest[0] == "25 mensagens de alarme, às 11:43:"
    assert digest[1:] == [f"🔴 host-{each:02}" for each in range(5, 30)]
    assert await team.buttons() == [["Reconhecer"], ALL_BUTTONS[1]]


async def test_a_digest_shows_what_became_of_its_alarms(team: GuardedChat) -> None:
    """One press for all of them, and those that are over say so."""
    await team.comes(*(arrived(f"host-{each}") for each in range(8)))
    await team.after(seconds=15)
    word = await team.presses("Reconhecer")
    await team.after(minutes=5)
    await team.comes(arrived("host-6", "OK", later(minutes=4)))
    digest = (await team.reads())[5]

    assert word == "3 alarmes reconhecidos."
    assert digest == (
        "3 mensagens de alarme, às 11:43:\n"
        "🔴 host-5 · reconhecido\n"
        "🟢 host-6 · normal\n"
        "🔴 host-7 · reconhecido"
    )


async def test_what_is_not_grave_makes_no_sound(team: GuardedChat) -> None:
    """The author of the alarm said so by its name."""
    await team.comes(arrived("info-fila"), arrived("critico-fila"))

    assert [post["silent"] for post in await team.posts()] == [True, False]


async def test_each_severity_may_have_a_topic(chat: Chat) -> None:
    """What may wait is read elsewhere; what comes back to normal there, too."""
    await chat.becomes(TEAM_CHAT, type="supergroup", title="Operação", is_forum=True)
    topic = Place(TEAM_CHAT, 7)
    team = GuardedChat(chat, telling=guard((Place(TEAM_CHAT),), (topic,)))
    await team.comes(arrived("info-fila"), arrived("critico-fila"))
    await team.comes(arrived("info-fila", "OK", later(minutes=1)))

    assert [post["thread"] for post in await team.posts()] == [7, None, 7]


async def test_an_ok_that_comes_first_leaves_nothing_open(team: GuardedChat) -> None:
    """The alarm is told as what it is by now: history."""
    await team.comes(CPU_OVER)
    await team.comes(CPU)
    await team.after(hours=9)

    assert (await team.reads())[1:] == [f"🟢 Resolvido às 11:55, depois de 12 min.\n{ALARM}"]
    assert (await team.posts())[1]["silent"]


async def test_a_late_ok_is_told_as_late(team: GuardedChat) -> None:
    """Whoever reads "normal" must not believe it of now."""
    await team.comes(arrived("cpu", since=later(minutes=30)))
    await team.comes(CPU_OVER)

    assert (await team.reads())[-1].splitlines()[-1] == (
        "Esta mensagem chegou atrasada: o alarme mudou de novo depois dela."
    )


async def test_an_alarm_that_begins_again_points_to_its_new_message(team: GuardedChat) -> None:
    """It did not end: nobody said so."""
    await team.comes(CPU)
    await team.comes(arrived("cpu", since=later(minutes=30)))

    assert (await team.reads())[0].splitlines()[0] == (
        "Às 12:13 entrou em alarme de novo; veja abaixo."
    )


async def test_a_text_that_is_no_alarm_is_read_too(team: GuardedChat) -> None:
    """With its subject, without buttons."""
    await team.comes(Arrived(number("x"), "Aviso", "Manutenção <hoje>", NOW))

    assert await team.reads() == ["Aviso\nManutenção <hoje>"]
    assert await team.buttons() == []


async def test_an_unsubscription_is_told_and_not_undone(team: GuardedChat) -> None:
    """It may have been meant; if not, somebody has to know."""
    await team.comes(Farewell(number("bye"), TOPIC, NOW))

    assert (await team.reads())[0].splitlines()[0] == "Assinatura do SNS cancelada"


async def test_a_confirmed_subscription_is_told(team: GuardedChat) -> None:
    """One knows from when on alarms come."""
    await team.comes(Confirmation(number("hi"), TOPIC, "token", NOW))

    assert (await team.reads())[0].splitlines()[0] == "Assinatura do SNS confirmada"


async def test_the_metric_s_picture_follows_the_words(team: GuardedChat) -> None:
    """As a reply without a sound; the words did not wait for it."""
    team = GuardedChat(team.chat, telling=guard((Place(TEAM_CHAT),), pictures=True))
    await team.comes(CPU, text("nada a desenhar"))
    posts = await team.posts()

    assert team.cloudwatch.drawn == ["cpu"]
    assert posts[-1]["photo"]
    assert posts[-1]["silent"]
    assert posts[-1]["reply_to"] == posts[0]["message_id"]


async def test_a_picture_that_cannot_be_had_costs_nothing(team: GuardedChat) -> None:
    """And is not asked for again."""
    team = GuardedChat(team.chat, telling=guard((Place(TEAM_CHAT),), pictures=True))
    team.cloudwatch.failure = AwsUnavailable("AccessDenied")
    await team.comes(CPU)
    team.cloudwatch.failure = None
    await team.after(minutes=1)

    assert (await team.reads(), team.cloudwatch.drawn) == ([ALARM], [])


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
async def test_refused_markup_costs_the_markup_alone(team: GuardedChat, method: str) -> None:
    """Whatever Telegram thinks of the tags, the words arrive."""
    refusal = "Bad Request: can't parse entities"
    await team.comes(CPU)
    await team.chat.fault(method=method, status=400, description=refusal)
    await team.comes(CPU_OVER)

    assert await team.reads() == [f"🟢 Resolvido às 11:55, depois de 12 min.\n{ALARM}", BACK]


async def test_an_edit_that_fails_is_made_later(team: GuardedChat) -> None:
    """Telegram was away for a moment."""
    await team.comes(CPU)
    await team.chat.fault(method="editMessageText", status=500, times=3)
    await team.presses("Reconhecer")
    for _ in range(4):
        team.seconds.passed += 60
        await team.after(seconds=60)
    (shown,) = await team.reads()

    assert "\nReconhecido por " in shown


async def test_a_message_that_is_gone_is_left_in_peace(team: GuardedChat) -> None:
    """Somebody has deleted it; its posting is not tried for ever."""
    await team.comes(CPU)
    refusal = "Bad Request: message to edit not found"
    await team.chat.fault(method="editMessageText", status=400, description=refusal)
    await team.comes(CPU_OVER)

    assert await team.reads() == [ALARM, BACK]
    assert await team.alarms.outdated(9) == []
