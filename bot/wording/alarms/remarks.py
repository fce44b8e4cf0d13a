"""What the bot itself has to say to operators about the ways by which alarms come."""

from bot.domain.alarms import Text

NOT_GENUINE = "A mensagem não passou na verificação."
NOT_NOW = "A mensagem não pôde ser recebida agora; mande de novo."
"""What SNS, or whoever pretends to be it, is answered; plain text."""


def confirmed(topic: str) -> Text:
    """A topic's messages come here from now on."""
    return Text("Assinatura do SNS confirmada", f"As mensagens de {topic} passam a chegar aqui.")


def unconfirmed(topic: str) -> Text:
    """A subscription waits for somebody who knows the topic."""
    return Text(
        "Assinatura do SNS sem confirmação",
        f"O tópico {topic} quer mandar mensagens para cá, mas não está em ALARM_TOPIC_ARNS; "
        "nada foi confirmado.",
    )


def unsubscribed(topic: str) -> Text:
    """Messages of a topic come no more."""
    return Text(
        "Assinatura do SNS cancelada",
        f"Alguém cancelou a assinatura: alarmes de {topic} não chegam mais por este caminho. Se "
        "não foi de propósito, assine o tópico de novo.",
    )
