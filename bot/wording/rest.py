"""What the REST routes say in words: their refusals, and the descriptions of their documentation.

Plain text throughout: integrators read it in JSON, in a terminal or on a page, never in Telegram.
Where the chat has a sentence for an error, it is the same one without its markup.
"""

from collections.abc import Iterable
from functools import singledispatch

from bot.domain.tickers import shown
from bot.errors import ForecastError, UnknownTicker
from bot.wording.about import DISCLAIMER
from bot.wording.apologies import apology
from bot.wording.markup import plain, typed
from bot.wording.messages import SIMULATED, listed

NO_SUCH_ADDRESS = "Este endereço não existe. Os que existem estão em /docs."
TOO_LARGE = "O pedido é grande demais."
NO_LENGTH = "O pedido traz um corpo sem dizer de que tamanho."
HEAD_TOO_LARGE = "O endereço e os cabeçalhos do pedido são grandes demais."
NOT_HTTP = "O pedido não é HTTP bem formado."
JSON_ONLY = "O corpo do pedido precisa ser application/json."
NO_UPDATE = "O corpo do pedido não é uma atualização do Telegram."
TOO_SLOW = "O pedido demorou demais para chegar."
WRONG_KEY = "Informe a chave de acesso no cabeçalho X-API-Key."
TOO_OFTEN = "Houve pedidos demais deste endereço. Aguarde alguns segundos."
STORAGE_AWAY = "O banco de dados não respondeu agora. Tente de novo em alguns minutos."
ODD_REQUEST = "O pedido não pode ser atendido."


@singledispatch
def sorry(error: ForecastError) -> str:
    """Why there is no forecast, in one plain sentence."""
    return plain(apology(error))


@sorry.register
def _unknown(error: UnknownTicker) -> str:
    asked = plain(typed(shown(error.text)))
    what = f"o papel {asked} na B3" if asked else "esse papel na B3"
    return f"Não encontrei {what}. Confira o código; um exemplo é ITUB4."


def unexpected(code: str) -> str:
    """For what nobody foresaw; `code` is what the operator finds in the log."""
    return (
        "Algo inesperado aconteceu deste lado. Tente de novo em alguns minutos; se continuar, "
        f"informe o código {code} a quem cuida do serviço."
    )


def wrong_method(method: str, allowed: Iterable[str]) -> str:
    """For a method that an address does not answer."""
    return f"Este endereço não atende {plain(typed(method))}; use {' ou '.join(allowed)}."


def wrong_parameters(names: Iterable[str]) -> str:
    """For parameters that cannot be read."""
    found = [plain(typed(name)) or "sem nome" for name in names]
    what = "O parâmetro" if len(found) == 1 else "Os parâmetros"
    serves = "não serve" if len(found) == 1 else "não servem"
    return f"{what} {listed(found)} {serves}; escreva papel=ITUB4, com o código de um papel da B3."


def notice(*, simulated: bool) -> str:
    """What every forecast is accompanied by."""
    return f"{SIMULATED}. {DISCLAIMER}" if simulated else DISCLAIMER


TITLE = "Fechamento"
SUMMARY = "Previsões do preço de fechamento de papéis da B3."
DESCRIPTION = (
    "Cada previsão traz o valor do meio (o fechamento tem a mesma chance de ficar acima ou abaixo "
    "dele) e as faixas em que ele deve ficar em 80 % e em 95 % dos pregões. Preços em reais, com "
    "centavos; dias são pregões da B3; horas são as de São Paulo.\n\n"
    "As respostas trazem `ETag` e `Cache-Control`: repita o pedido com `If-None-Match` e, "
    "enquanto nada mudar, a resposta é 304, sem corpo. Erros vêm com o código HTTP verdadeiro e "
    '`{"erro": "…"}`; com `Retry-After`, vale tentar de novo depois desses segundos.\n\n'
    f"{DISCLAIMER}"
)

TODAY = "Fechamento previsto para hoje"
TODAY_MORE = (
    "A previsão para o pregão de hoje ou, sem pregão hoje, para o próximo. Com o pregão aberto, "
    "o preço do momento estreita a faixa; com o pregão encerrado, vem também o fechamento."
)
COMING = "Fechamentos previstos para os cinco pregões seguintes"
COMING_MORE = (
    "Do pregão depois do de hoje em diante, todos de uma só vez, cada um com a sua faixa. São "
    "menos de cinco quando faltam fechamentos recentes na fonte."
)
SCOREBOARD = "Quanto as previsões acertaram"
SCOREBOARD_MORE = (
    "Erros das previsões feitas antes de cada fechamento, ao lado dos de quem repete o fechamento "
    "anterior. Sem `papel`, todos juntos; então não há erro em reais."
)
HEALTH = "Estado do serviço"
HEALTH_MORE = "200 quando tudo de que o serviço depende responde; senão 503, com o que falhou."

SHARE_QUERY = "Código do papel na B3, com ou sem `.SA`; sem ele vale o papel padrão."
SHARE_QUERY_SCOREBOARD = "Código do papel na B3, com ou sem `.SA`; sem ele, todos juntos."
SHARE = "Papel, com o sufixo `.SA`."
ALL_SHARES = "Papel, com o sufixo `.SA`; nulo para todos juntos."
SESSION = "Dia do pregão."
EXPECTED = "Fechamento previsto, em reais."
LOW80 = "Limite inferior da faixa de 80 %, em reais."
HIGH80 = "Limite superior da faixa de 80 %, em reais."
LOW95 = "Limite inferior da faixa de 95 %, em reais."
HIGH95 = "Limite superior da faixa de 95 %, em reais."
PRICE = "Preço, em reais."
LAST_CLOSE = "Último fechamento de que a previsão parte."
TODAY_CLOSE = "Fechamento do pregão previsto, quando já saiu; senão nulo."
RUNNING = "Preço do momento que estreitou a previsão; nulo fora do pregão."
RUNNING_AT = "Momento do negócio."
MISSING = "Pregões recentes que faltam na fonte; com eles a previsão vale menos."
KEPT = "De quando são os fechamentos, se a fonte não responde agora; senão nulo."
IS_SIMULATED = "Verdadeiro quando os preços são inventados, sem valor."
NOTICE = "O que deve acompanhar a previsão."
MODEL = "Modelo que fez a previsão."
MODEL_NAME = "Nome."
MODEL_VERSION = "Versão."
MODEL_HASH = "SHA-256 do arquivo."
MADE_AT = "Quando esta resposta foi feita; fica igual enquanto nada muda."
SPANS = "Os últimos 5, 20, 60 e 250 pregões, nessa ordem."
SPAN = "Pregões pedidos."
SPAN_FOUND = "Pregões encontrados, no máximo os pedidos."
COUNT = "Previsões neles."
MAE = "Erro absoluto médio das previsões, em reais; nulo para todos os papéis juntos."
NAIVE_MAE = "O mesmo para quem repete o fechamento anterior."
MAPE = "Erro absoluto médio, como fração do fechamento: 0,01 é 1 %."
NAIVE_MAPE = "O mesmo para quem repete o fechamento anterior."
COVERAGE = "Parte dos fechamentos dentro da faixa de 80 %."
DIRECTION = "Acertos de direção; nulo quando nenhuma previsão apontou para um lado."
HITS = "Vezes em que o preço foi para o lado previsto."
DIRECTED = "Previsões que apontaram para um lado."
HITS_LOW = "Limite inferior do intervalo de 95 % da parte de acertos (Wilson)."
HITS_HIGH = "Limite superior do mesmo intervalo."
REPLAYED = "Pregões com previsões refeitas sobre dados históricos."
READ_AT = "Quando o placar foi lido."
STATE = "`ok` ou `falha`."
DEPENDENCIES = "Estado de cada dependência, pelo nome."
VERSION = "Versão do serviço."
CHECKED_AT = "Quando foi verificado."
ERROR = "O que aconteceu e o que fazer."

ETAG = "Impressão digital do conteúdo, para `If-None-Match`."
CACHE = "Por quantos segundos a resposta pode ser reutilizada."
RETRY = "Segundos até valer a pena tentar de novo."
IF_NONE_MATCH = "`ETag` de uma resposta anterior."
KEY = "Chave de acesso."

ANSWERS = {
    200: "A resposta.",
    304: "Nada mudou desde a resposta com esse `ETag`; sem corpo.",
    401: "Falta a chave de acesso, ou não é essa.",
    404: "Não há esse papel na B3, ou ele não é acompanhado aqui.",
    413: "O pedido é grande demais.",
    422: "O parâmetro não serve, ou o papel não tem fechamentos de que se possa partir.",
    429: "Pedidos demais; tente depois de `Retry-After` segundos.",
    500: "Algo inesperado; o código na resposta ajuda a encontrar a causa.",
    503: "Os fechamentos, o modelo ou o banco não respondem; tente depois.",
}
"""What each status means, as the documentation says it."""
