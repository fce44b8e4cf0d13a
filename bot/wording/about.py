"""What the bot says of itself: greeting, help, descriptions, and its table of commands.

`COMMANDS` is the one list of commands: `/ajuda`, Telegram's menu and the handlers follow it.
Descriptions are plain text (Bot API: 512 characters, short one 120); messages are Telegram HTML.
"""

from html import escape
from typing import NamedTuple

from bot.domain.closes import WINDOW
from bot.domain.forecast import Model
from bot.wording import numbers
from bot.wording.markup import bold

BAND_80 = f"faixa de {numbers.percent(0.8, 0)}"

DISCLAIMER = "Não é recomendação de investimento."


class Command(NamedTuple):
    """A command as people meet it.

    Attributes:
        name: without the slash, as Telegram's menu wants it.
        description: one plain phrase, at most 256 characters (Bot API, setMyCommands).
        example: what one types.
    """

    name: str
    description: str
    example: str


COMMANDS = (
    Command("hoje", "fechamento previsto para o pregão de hoje ou o próximo", "/hoje PETR4"),
    Command("proximos", "previsão para os cinco pregões seguintes", "/proximos PETR4"),
    Command("assinar", "receber a previsão nos dias de pregão", "/assinar PETR4 09:30"),
    Command("assinaturas", "ver e mudar o que é enviado aqui", "/assinaturas"),
    Command("cancelar", "deixar de receber um papel, ou todas", "/cancelar PETR4"),
    Command("placar", "quanto as previsões erraram até agora", "/placar PETR4"),
    Command("ajuda", "o que sei fazer e como ler uma previsão", "/ajuda"),
    Command("sobre", "que modelo faz a previsão e até onde ele vai", "/sobre"),
    Command("privacidade", "o que guardo desta conversa", "/privacidade"),
    Command("apagar", "apagar tudo o que guardo desta conversa", "/apagar"),
    Command("start", "apresentação", "/start"),
)

DESCRIPTION = (
    "Estimo o preço de fechamento de ações da B3: o do pregão de hoje e os dos cinco pregões "
    f"seguintes, cada um com a {BAND_80}, onde o preço deve ficar em 8 de cada 10 pregões. "
    "Envie /hoje ITUB4 para começar.\n\n"
    f"É uma estimativa estatística e pode errar. {DISCLAIMER}"
)

SHORT_DESCRIPTION = f"Previsão do fechamento de ações da B3, com a margem de erro. {DISCLAIMER}"

HOW_TO_READ = (
    "A previsão é o valor do meio: o fechamento tem a mesma chance de ficar acima ou abaixo dele. "
    "Costuma ser o próprio último fechamento, porque ninguém prevê bem para que lado um papel vai; "
    "o que informa é a faixa. "
    f"A {BAND_80} é onde ele deve ficar em 8 de cada 10 pregões. "
    "Com o pregão aberto, o preço do momento estreita a faixa.\n"
    f"Parto dos últimos {WINDOW} fechamentos do papel e não conheço notícias, balanços nem "
    "dividendos."
)


def greeting() -> str:
    """What /start answers."""
    return "\n".join(
        (
            "Olá! Estimo o preço de fechamento de ações da B3 e digo o quanto posso errar.",
            "",
            "Experimente:",
            "/hoje",
            "/hoje PETR4",
            "/proximos",
            "",
            "Para receber a previsão nos dias de pregão: /assinar",
            f"A lista completa está em /ajuda. {DISCLAIMER}",
        )
    )


def group_greeting(username: str) -> str:
    """What a group reads when the bot is added to it."""
    return (
        "Olá! Estimo o preço de fechamento de ações da B3. Aqui só respondo a comandos: "
        f"/hoje@{username} para uma previsão, /assinar@{username} para recebê-la nos dias de "
        f"pregão (só quem administra), /ajuda@{username} para o resto. {DISCLAIMER}"
    )


def help_text() -> str:
    """What /ajuda answers: each command with its example, then how to read a forecast."""
    return "\n".join(
        (
            bold("O que sei fazer"),
            *(_row(command) for command in COMMANDS),
            "",
            bold("Como ler uma previsão"),
            HOW_TO_READ,
            "",
            DISCLAIMER,
        )
    )


def _row(command: Command) -> str:
    name = f"/{command.name}"
    example = "" if command.example == name else f" (exemplo: {command.example})"
    return f"{name}: {command.description}{example}"


def about_the_model(model: Model | None) -> str:
    """What /sobre answers: the model's card in two sentences; None while the model is away."""
    which = f"O modelo {escape(model.title)}" if model else "O modelo"
    return (
        f"{which} é uma rede LSTM treinada só com preços diários, até a data da sua versão; "
        "nos testes com pregões que ela não viu, ninguém previu para que lado o preço vai melhor "
        "do que quem repete o último fechamento, e por isso a previsão parte dele. "
        f"O que ela acrescenta é a {BAND_80}, que nesses testes conteve perto de 8 em cada 10 "
        "fechamentos e errou menos que a faixa estatística mais usada (EWMA). "
        f"{DISCLAIMER}"
    )
