"""What is kept about a chat, for how long, and how to have it erased.

Telegram HTML.  The rights are those of article 18 of Lei 13.709/2018 (LGPD).
"""

from collections.abc import Mapping

from bot.domain.outbox import Button, Content
from bot.wording.markup import bold

ADMINS_ONLY = "Só quem administra esta conversa apaga o que guardo dela."
UNAVAILABLE = (
    "Não consegui consultar o que guardo desta conversa; nada mudou. "
    "Tente de novo em alguns minutos."
)
UNKNOWN_NOW = "Agora não consegui ver quantos registros são."
NOTHING = "Não guardo nada desta conversa."
KEPT = "Nada foi apagado."
TOO_OLD = "Este botão é de uma mensagem antiga e já não funciona. Peça de novo com /apagar."

ERASE = "Apagar tudo"
KEEP = "Deixar como está"
PREFIX = "apagar"
YES = f"{PREFIX}:sim"
NO = f"{PREFIX}:nao"

DAYS_SENT = 90
"""Days after which the record of a delivered message is deleted."""

WHAT = (
    "O número desta conversa no Telegram, os papéis, horários e som das assinaturas, e as "
    "mensagens da fila de envio, com o que aconteceu com elas."
)
WHAT_NOT = (
    "Nomes, telefones e o que se escreve aqui. Os registros técnicos do bot não contêm texto de "
    "conversa."
)
HOW_LONG = (
    "As assinaturas, até que sejam canceladas; as mensagens enviadas, por "
    f"{DAYS_SENT} dias. Quem bloqueia o bot não recebe mais nada, e as assinaturas ficam para o "
    "caso de voltar."
)
RIGHTS = (
    "A LGPD (Lei 13.709/2018, art. 18) garante saber o que é guardado, corrigir e apagar. "
    "Ver e corrigir: /assinaturas. Apagar: /apagar. Tudo isso só serve para entregar as mensagens "
    "pedidas."
)

_NAMES = {
    "subscriptions": ("assinatura", "assinaturas"),
    "outbox": ("mensagem na fila ou já enviada", "mensagens na fila ou já enviadas"),
}


def policy(kept: Mapping[str, int] | None) -> str:
    """What /privacidade answers; `kept` counts rows by table, None when it cannot be known now."""
    now = UNKNOWN_NOW if kept is None else _now(kept)
    return "\n".join(
        (
            *(bold("O que guardo"), WHAT, now, ""),
            *(bold("O que não guardo"), WHAT_NOT, ""),
            *(bold("Por quanto tempo"), HOW_LONG, ""),
            *(bold("Seus direitos"), RIGHTS),
        )
    )


def confirmation(kept: Mapping[str, int]) -> Content:
    """What /apagar answers before anything is erased."""
    if not any(kept.values()):
        return Content(NOTHING)
    text = f"{_now(kept)} Apagar tudo? Não dá para desfazer."
    return Content(text, ((Button(ERASE, YES), Button(KEEP, NO)),))


def erased(rows: int) -> str:
    """What the button answers."""
    if not rows:
        return NOTHING
    return f"Apaguei tudo o que guardava desta conversa: {_count(rows, 'registro', 'registros')}."


def _now(kept: Mapping[str, int]) -> str:
    if not any(kept.values()):
        return "Agora não guardo nada desta conversa."
    found = [_count(many, *_NAMES[name]) for name, many in kept.items() if many]
    return f"Agora guardo desta conversa: {' e '.join(found)}."


def _count(many: int, one: str, several: str) -> str:
    return f"{many} {one if many == 1 else several}"
