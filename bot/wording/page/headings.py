"""What a page is called that stands in place of the one that was looked for: the reason, briefly.

Only what is about a forecast says so; a mistyped address is no missing forecast.
"""

NO_FORECAST = "Sem previsão"
NO_SUCH_SHARE = "Papel não encontrado"
NOT_SERVED = "Papel não acompanhado"

LOST = "Este endereço não existe. Escolha um papel acima, ou comece pela previsão de hoje."
"""What programs are told of the documentation, said to people."""

_OTHER = "Pedido não aceito"
_BY_STATUS = {
    404: "Página não encontrada",
    405: "Pedido não atendido",
    413: "Pedido grande demais",
    429: "Pedidos demais",
    500: "Algo deu errado",
    503: "Serviço indisponível",
}


def heading(status: int) -> str:
    """The heading of a refusal that has none of its own, by its HTTP status."""
    return _BY_STATUS.get(status, _OTHER)
