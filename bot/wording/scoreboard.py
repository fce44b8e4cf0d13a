"""The scoreboard in words: what /placar answers, and the line that /hoje owes its readers.

    Board ──caption()──▶ heading · errors beside naive · band · direction · where they come from

Telegram HTML, at most 1024 UTF-16 units once parsed (Bot API, sendPhoto).  The naive forecast,
"repetir o fechamento anterior", stands beside every error: alone a figure tells nobody anything.
"""

from bot.domain.board import Board
from bot.domain.figures import Direction, Figures
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.about import BAND_80, DISCLAIMER
from bot.wording.markup import bold

AWAY = "Não consegui abrir o placar agora. Tente de novo em alguns minutos."

NAIVE = "repetir o fechamento anterior"


def caption(board: Board) -> str:
    """All that the scoreboard has to say, ready to be sent under its picture.

    Raises:
        IndexError: there is no outcome yet; `nothing_yet` says that.
    """
    windows = board.windows
    longest = windows[-1]
    return "\n".join(
        (
            f"{_subject(board)} até {numbers.day(board.tallies[-1].session)}",
            f"Erro médio do bot | de {NAIVE}:",
            *(_errors(each) for each in windows),
            f"Dentro da {BAND_80}: {_inside(windows)}",
            _pointed(longest.direction, one_share=board.ticker is not None),
            *_provenance(longest),
            DISCLAIMER,
        )
    )


def nothing_yet(board: Board) -> str:
    """What is answered while there is no outcome: when the first one comes.

    Raises:
        ValueError: the board does not say when.
    """
    if board.due is None:
        raise ValueError(f"no outcome and none to come: {board}")
    share = f" de {bold(shown(board.ticker))}" if board.ticker else ""
    empty = f"O placar{share} ainda não tem nenhum pregão conferido."
    if board.due <= board.read_at:
        return f"{empty} O primeiro resultado sai assim que o fechamento chegar da fonte."
    when = f"{numbers.day_and_clock(board.due)}"
    if board.awaited:
        return f"{empty} O primeiro resultado sai {when}."
    ask = f"/hoje {shown(board.ticker)}" if board.ticker else "/hoje"
    return f"{empty} Peça {ask} antes do fechamento, e o primeiro resultado sai {when}."


def caution(found: Figures | None) -> str:
    """The line of /hoje for a bot that was worse than the naive forecast; empty when it was not."""
    if found is None:
        return ""
    naive, bot = numbers.percent(found.naive_mape), numbers.percent(found.mape)
    return (
        f"Nos últimos {found.sessions} pregões, {NAIVE} teria errado menos: {naive} em vez de "
        f"{bot}, em média."
    )


def _subject(board: Board) -> str:
    if board.ticker is None:
        return f"{bold('Placar')} de todos os papéis"
    return f"{bold(shown(board.ticker))} · placar"


def _errors(found: Figures) -> str:
    bot = _error(found.mae, found.mape)
    naive = _error(found.naive_mae, found.naive_mape)
    return f"• {_span(found)}: {bot} | {naive}"


def _error(reais: float | None, part: float) -> str:
    relative = numbers.percent(part)
    return relative if reais is None else f"{numbers.brl(reais)} ({relative})"


def _span(found: Figures) -> str:
    if found.sessions == found.span:
        return _sessions(found.sessions)
    so_far = "o único até agora" if found.sessions == 1 else "todos até agora"
    return f"{_sessions(found.sessions)}, {so_far}"


def _inside(windows: tuple[Figures, ...]) -> str:
    counts = [_out_of(each.inside80, each.count) for each in windows]
    return f"{', '.join(counts)} ({numbers.percent(windows[-1].coverage80, 1)})"


def _pointed(direction: Direction | None, *, one_share: bool) -> str:
    if direction is None:
        return (
            "Direção: nada a conferir; em centavos, a previsão costuma ser o próprio último "
            "fechamento."
        )
    rate = direction.hits / direction.total
    low, high = (numbers.percent(end, 0) for end in (direction.low95, direction.high95))
    # Shares rise and fall together, so that many of one day tell less than as many days.
    condition = "" if one_share else ", se os papéis fossem independentes"
    return (
        f"Direção: acertou {_out_of(direction.hits, direction.total)} vezes em que apontou um "
        f"lado, {numbers.percent(rate, 0)} (intervalo de 95 %{condition}: {low} a {high})"
    )


def _provenance(found: Figures) -> list[str]:
    """What has to be known of how these outcomes came about."""
    lines = []
    if found.replayed:
        played = "refeito" if found.replayed == 1 else "refeitos"
        lines.append(
            f"Inclui {_sessions(found.replayed)} {played} com dados históricos (replay), que o "
            "modelo pode ter visto no treino."
        )
    if found.rebased:
        again = "reavaliado" if found.rebased == 1 else "reavaliados"
        lines.append(f"{_sessions(found.rebased)} {again} por evento societário.")
    return lines


def _sessions(count: int) -> str:
    return "1 pregão" if count == 1 else f"{numbers.decimal(count, 0)} pregões"


def _out_of(part: int, whole: int) -> str:
    return f"{numbers.decimal(part, 0)} de {numbers.decimal(whole, 0)}"
