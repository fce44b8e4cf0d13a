"""What the JSON routes answer: the keys that integrators read, with their meaning.

Field names are the keys.  FastAPI makes the documentation of these classes, orjson their bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from bot.wording import rest

Price = Annotated[float, Field(ge=0, description=rest.PRICE, examples=[36.05])]
Share = Annotated[str, Field(description=rest.SHARE, examples=["ITUB4.SA"])]
MadeAt = Annotated[
    datetime, Field(description=rest.MADE_AT, examples=["2026-11-23T09:12:00-03:00"])
]
Session = Annotated[date, Field(description=rest.SESSION, examples=["2026-11-23"])]


@dataclass(frozen=True, slots=True)
class Previsao:
    """What one session's close is expected to be."""

    sessao: Session
    predicted_price: Annotated[float, Field(ge=0, description=rest.EXPECTED, examples=[36.12])]
    minimo_80: Annotated[float, Field(ge=0, description=rest.LOW80, examples=[35.6])]
    maximo_80: Annotated[float, Field(ge=0, description=rest.HIGH80, examples=[36.65])]
    minimo_95: Annotated[float, Field(ge=0, description=rest.LOW95, examples=[35.21])]
    maximo_95: Annotated[float, Field(ge=0, description=rest.HIGH95, examples=[37.07])]


@dataclass(frozen=True, slots=True)
class Fechamento:
    """A final close."""

    sessao: Session
    preco: Price


@dataclass(frozen=True, slots=True)
class PrecoDoMomento:
    """A price of a session that is open."""

    preco: Price
    em: Annotated[
        datetime, Field(description=rest.RUNNING_AT, examples=["2026-11-23T14:32:00-03:00"])
    ]


@dataclass(frozen=True, slots=True)
class Modelo:
    """Who forecast."""

    nome: Annotated[str, Field(description=rest.MODEL_NAME, examples=["fechamento"])]
    versao: Annotated[str, Field(description=rest.MODEL_VERSION, examples=["1"])]
    sha256: Annotated[str, Field(description=rest.MODEL_HASH)]


Missing = Annotated[tuple[date, ...], Field(description=rest.MISSING, examples=[[]])]
KeptAt = Annotated[datetime | None, Field(description=rest.KEPT, examples=[None])]
Simulated = Annotated[bool, Field(description=rest.IS_SIMULATED, examples=[False])]
Notice = Annotated[
    str, Field(description=rest.NOTICE, examples=["Não é recomendação de investimento."])
]
MadeBy = Annotated[Modelo, Field(description=rest.MODEL)]
LastClose = Annotated[Fechamento, Field(description=rest.LAST_CLOSE)]


@dataclass(frozen=True, slots=True)
class Hoje:
    """`GET /fechamento/hoje`."""

    papel: Share
    previsao_hoje: Previsao
    ultimo_fechamento: LastClose
    fechamento_hoje: Annotated[
        Fechamento | None, Field(description=rest.TODAY_CLOSE, examples=[None])
    ]
    preco_do_momento: Annotated[
        PrecoDoMomento | None, Field(description=rest.RUNNING, examples=[None])
    ]
    pregoes_faltando: Missing
    fechamentos_guardados_em: KeptAt
    simulado: Simulated
    aviso: Notice
    modelo: MadeBy
    gerado_em: MadeAt


@dataclass(frozen=True, slots=True)
class Proximos:
    """`GET /fechamento/proximos`."""

    papel: Share
    previsoes_proximos_5_dias: tuple[Previsao, ...]
    ultimo_fechamento: LastClose
    pregoes_faltando: Missing
    fechamentos_guardados_em: KeptAt
    simulado: Simulated
    aviso: Notice
    modelo: MadeBy
    gerado_em: MadeAt


@dataclass(frozen=True, slots=True)
class Direcao:
    """`direcao` of the scoreboard."""

    acertos: Annotated[int, Field(description=rest.HITS, examples=[31])]
    total: Annotated[int, Field(description=rest.DIRECTED, examples=[58])]
    minimo_95: Annotated[float, Field(description=rest.HITS_LOW, examples=[0.4086])]
    maximo_95: Annotated[float, Field(description=rest.HITS_HIGH, examples=[0.6569])]


@dataclass(frozen=True, slots=True)
class Janela:
    """One entry of `janelas`; figures are null where there are none yet."""

    janela: Annotated[int, Field(description=rest.SPAN, examples=[60])]
    pregoes: Annotated[int, Field(description=rest.SPAN_FOUND, examples=[60])]
    previsoes: Annotated[int, Field(description=rest.COUNT, examples=[60])]
    mae: Annotated[float | None, Field(description=rest.MAE, examples=[0.41])]
    mae_ingenua: Annotated[float | None, Field(description=rest.NAIVE_MAE, examples=[0.41])]
    mape: Annotated[float | None, Field(description=rest.MAPE, examples=[0.0114])]
    mape_ingenua: Annotated[float | None, Field(description=rest.NAIVE_MAPE, examples=[0.0114])]
    cobertura_80: Annotated[float | None, Field(description=rest.COVERAGE, examples=[0.8])]
    direcao: Annotated[Direcao | None, Field(description=rest.DIRECTION)]
    replay: Annotated[int, Field(description=rest.REPLAYED, examples=[0])]


@dataclass(frozen=True, slots=True)
class Placar:
    """`GET /placar`."""

    papel: Annotated[str | None, Field(description=rest.ALL_SHARES, examples=["ITUB4.SA"])]
    janelas: Annotated[tuple[Janela, ...], Field(description=rest.SPANS)]
    atualizado_em: Annotated[
        datetime, Field(description=rest.READ_AT, examples=["2026-11-23T09:12:00-03:00"])
    ]


@dataclass(frozen=True, slots=True)
class Erro:
    """Every refusal."""

    erro: Annotated[str, Field(description=rest.ERROR)]


@dataclass(frozen=True, slots=True)
class Saude:
    """`GET /saude`."""

    situacao: Annotated[str, Field(description=rest.STATE, examples=["ok"])]
    dependencias: Annotated[
        dict[str, str],
        Field(
            description=rest.DEPENDENCIES,
            examples=[{"fechamentos": "ok", "modelo": "ok", "banco": "ok", "telegram": "ok"}],
        ),
    ]
    versao: Annotated[str, Field(description=rest.VERSION, examples=["0.1.0"])]
    verificado_em: Annotated[
        datetime, Field(description=rest.CHECKED_AT, examples=["2026-11-23T09:12:00-03:00"])
    ]
