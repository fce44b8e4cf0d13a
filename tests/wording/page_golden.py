"""What the page says in each scene, line by line, as files; drawings are left to other tests.

`python -m tests.wording.page_golden` writes them again; read the difference after that.
"""

from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

from bot.domain.board import Board
from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally
from bot.wording.page.headings import LOST, NO_FORECAST, heading
from bot.wording.page.page import foot, page
from bot.wording.page.shell import Frame, sorry
from tests.share_bars import B3, ITUB4, at
from tests.wording.scenes import SCENES

FOLDER = Path(__file__).parents[1] / "data" / "golden" / "pagina"
NOW = at("2026-07-29T14:40")
CHAT = "https://t.me/fechamento_bot?start=ITUB4"
FRAME = Frame("", (), "ITUB4", CHAT, foot(SCENES["simulado"]))


class Lines(HTMLParser):
    """The words of a page: one line for each row of a table or block of text."""

    BLOCKS = frozenset(
        ["p", "h1", "h2", "tr", "li", "section", "header", "footer", "button", "a", "label"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002, only words count
        """Begin a line, or leave out what is drawn."""
        self._hidden += tag in {"svg", "style", "title"}
        if tag in self.BLOCKS:
            self.lines.append("")
        elif tag in {"td", "th"}:
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        """End what was left out."""
        self._hidden -= tag in {"svg", "style", "title"}

    def handle_data(self, data: str) -> None:
        """Add the words to the line."""
        if not self._hidden:
            self.lines[-1] += data.replace("\N{NO-BREAK SPACE}", " ")


def lines(html: str) -> list[str]:
    """What is read on a page, from top to bottom."""
    read = Lines()
    read.feed(html)
    stripped = [line.strip(" |\n") for line in read.lines]
    return [line for line in stripped if line]


def board(sessions: int = 90, ticker: Ticker | None = ITUB4) -> Board:
    """A track record in which the bot erred a little more than repeating the last close."""
    days = B3.before(NOW.date(), sessions)
    return Board(ticker, tuple(_tally(number, day) for number, day in enumerate(days)), NOW)


def empty(*, awaited: bool) -> Board:
    """A track record without any outcome, the first one expected this evening."""
    return Board(ITUB4, (), NOW, NOW + timedelta(hours=3), awaited=awaited)


def _tally(number: int, day: object) -> Tally:
    error, naive = 0.3 + number % 7 / 20, 0.3 + number % 5 / 20
    figures = {
        "session": day,
        "count": 1,
        "error": error,
        "naive_error": naive,
        "relative_error": error / 42,
        "naive_relative_error": naive / 42,
        "inside80": int(number % 5 > 0),
        "directed": 1,
        "hits": number % 2,
    }
    return Tally(**{name: figures.get(name, 0) for name in Tally.__dataclass_fields__})  # type: ignore[arg-type]


def pages() -> dict[str, str]:
    """Every page, by the name of its file."""
    scenes = {name: page(outlook, board(), FRAME) for name, outlook in SCENES.items()}
    reference = SCENES["antes-da-abertura"]
    served = FRAME._replace(served=(ITUB4, Ticker("PETR4.SA")), chat=None)
    return scenes | {
        "placar-de-todos": page(reference, board(7, None), served),
        "placar-vazio": page(reference, empty(awaited=False), FRAME),
        "placar-esperando": page(reference, empty(awaited=True), FRAME),
        "placar-fora": page(reference, None, FRAME),
        "pagina-nao-encontrada": sorry(heading(404), LOST, Frame("")),
        "sem-previsao": sorry(NO_FORECAST, "O modelo não respondeu agora.", Frame("")),
    }


def write() -> None:
    """Put what every page says into its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, html in pages().items():
        (FOLDER / f"{name}.txt").write_text("\n".join(lines(html)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
