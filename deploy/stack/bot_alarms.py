"""Alarms about the bot: does it live, serve, send, and get what it needs.

Thresholds say where they come from.
"""

from deploy.stack import metrics
from deploy.stack.alarms import (
    ABOVE,
    AT_LEAST,
    BELOW,
    CRITICAL,
    MISSING_IS_BAD,
    WARNING,
    Alarm,
)
from deploy.stack.metrics import Series
from deploy.stack.options import Bot, Options

_MINUTE, _HOUR = 60, 3_600
_WAITED_SECONDS = 600
_NEARLY_FULL = 85
_LEAST_FREE_BYTES = 2 * 1024**3
_IN_SESSION = "DAY(beat) < 6 AND HOUR(beat) >= 13 AND HOUR(beat) < 20"
"""Monday to Friday, 10:00 to 17:00 São Paulo: hours are UTC, DAY is 1 on Monday (source:
CloudWatch User Guide, metric math).  B3's holidays are not known here; the description says so."""


def heartbeat(options: Options) -> Alarm:
    """A dead bot, by its silence."""
    return Alarm(
        slug="sem-batimento",
        severity=CRITICAL,
        about_bot=True,
        says="O bot não dá sinal há 5 minutos: ninguém recebe resposta nem alarme no Telegram. "
        "Veja o log do bot e reinicie o serviço; se a máquina sumiu, outra sobe sozinha.",
        watched=(("m", Series(metrics.own(options, "Heartbeat"), "SampleCount")),),
        comparison=BELOW,
        threshold=1,
        seconds=_MINUTE,
        needed=5,
        periods=5,
        missing=MISSING_IS_BAD,
    )


def nothing_served(options: Options) -> Alarm:
    """A bot that lives and serves nothing while B3 is open."""
    return Alarm(
        slug="sem-previsoes",
        severity=WARNING,
        about_bot=True,
        says="Nenhuma previsão foi servida em quatro horas de pregão. Peça /hoje ao bot e veja "
        "/saude. Em feriado da B3 em dia útil, pode ignorar; sem batimento, trate dele primeiro.",
        watched=(
            ("beat", Series(metrics.own(options, "Heartbeat"), "SampleCount")),
            ("served", Series(metrics.own(options, "ForecastsServed"), "Sum")),
        ),
        formula=f"IF({_IN_SESSION}, FILL(served, 0), 1)",
        comparison=BELOW,
        threshold=1,
        seconds=_HOUR,
        needed=4,
        periods=4,
        # FILL gives nothing where the whole series is empty: that is no forecast, too.
        missing=MISSING_IS_BAD,
    )


def outbox(options: Options) -> Alarm:
    """Messages that do not leave."""
    return Alarm(
        slug="fila-de-envio",
        severity=CRITICAL,
        about_bot=True,
        says="Há mensagem esperando envio há mais de 10 minutos, ou o banco de dados não responde. "
        "Veja /saude, se o Telegram responde e se o token vale; o envio continua de onde parou.",
        watched=(("m", Series(metrics.own(options, "OutboxAge"), "Maximum")),),
        comparison=ABOVE,
        threshold=_WAITED_SECONDS,
        seconds=5 * _MINUTE,
        needed=3,
        periods=3,
        # A bot that cannot read its database does not know the age either.
        missing=MISSING_IS_BAD,
    )


def closes(options: Options) -> Alarm:
    """A source that does not bring a final close."""
    return Alarm(
        slug="fechamentos-velhos",
        severity=WARNING,
        about_bot=True,
        says="O fechamento de um pregão já encerrado falta há mais de 18 horas. Veja se a fonte "
        "responde; as previsões continuam, com a data do fechamento usado.",
        watched=(("m", Series(metrics.own(options, "ClosesAge"), "Maximum")),),
        comparison=ABOVE,
        threshold=0,
        # A night without questions is no fault: the morning's push fetches the close.
        seconds=_HOUR,
        needed=18,
        periods=18,
    )


def unread() -> Alarm:
    """Alarms that the bot does not fetch."""
    return Alarm(
        slug="alarmes-nao-lidos",
        severity=CRITICAL,
        about_bot=True,
        says="Há alarme na fila há mais de 10 minutos sem o bot buscar: eles não estão "
        "chegando ao Telegram. Veja os alarmes no CloudWatch e reinicie o serviço do bot.",
        watched=(
            ("m", Series(metrics.queued("AlarmQueue", "ApproximateAgeOfOldestMessage"), "Maximum")),
        ),
        comparison=ABOVE,
        threshold=_WAITED_SECONDS,
        seconds=5 * _MINUTE,
        needed=1,
        periods=1,
    )


def lost() -> Alarm:
    """Alarms that were given up."""
    waiting = metrics.queued("LostAlarms", "ApproximateNumberOfMessagesVisible")
    return Alarm(
        slug="alarmes-perdidos",
        severity=CRITICAL,
        about_bot=True,
        says="Há alarme que não foi entregue e está na fila dos perdidos. Leia a fila, trate o "
        "alarme, corrija a causa no log do bot e devolva as mensagens (redrive).",
        watched=(("m", Series(waiting, "Maximum")),),
        comparison=AT_LEAST,
        threshold=1,
        seconds=5 * _MINUTE,
        needed=1,
        periods=1,
    )


def disk(options: Options) -> Alarm:
    """The bot's data, on the machine's volume or in RDS, which counts what is free."""
    on_machine = options.bot is Bot.EC2
    used = metrics.machine_disk(options) if on_machine else metrics.database("FreeStorageSpace")
    return Alarm(
        slug="disco-quase-cheio",
        severity=WARNING,
        about_bot=True,
        says="O disco do banco de dados do bot está quase cheio. Aumente o volume (o runbook diz "
        "como); quando enche, nada mais é gravado nem enviado.",
        watched=(("m", Series(used, "Maximum" if on_machine else "Minimum")),),
        comparison=ABOVE if on_machine else BELOW,
        threshold=_NEARLY_FULL if on_machine else _LEAST_FREE_BYTES,
        seconds=5 * _MINUTE,
        needed=3,
        periods=3,
    )
