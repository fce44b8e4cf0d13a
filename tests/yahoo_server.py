"""A local server that speaks Yahoo's chart API, for tests, trials and measurements.

    with YahooServer() as yahoo:
        yahoo.answers["ITUB4.SA"] = Share(bars, price=36.1, price_at=now)
        YahooCloses(folder, base_url=yahoo.url)

It answers as the real one does: only bars of the period asked for, 404 with Yahoo's words for a
symbol it does not know, charts without a crumb unless `refusal` is set.  `requests` holds what was
asked.
"""

import contextlib
import json
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from bot.domain.bars import Bar, Split
from bot.domain.sessions import SAO_PAULO

CHART = "/v8/finance/chart/"
OPENS = time(10, 0)
RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer given as it stands, whatever was asked."""

    body: str
    status: int = 200
    content_type: str = "application/json"


NOT_FOUND = Answer(
    '{"chart":{"result":null,"error":{"code":"Not Found",'
    '"description":"No data found, symbol may be delisted"}}}',
    status=404,
)
TOO_MANY = Answer("Too Many Requests\r\n", status=429, content_type="text/plain")
GARBAGE = Answer("<html>We will be right back", content_type="text/html")
EMPTY = Answer('{"chart":{"result":[],"error":null}}')
BROKEN = Answer("upstream connect error", status=502, content_type="text/plain")


@dataclass(frozen=True, slots=True)
class Share:
    """What the server knows of one share; NaN is sent as null.

    Attributes:
        bars: daily bars, oldest first.
        price: the newest price, sent as `regularMarketPrice`.
        price_at: moment of that price; its day's bar is stamped with it, as Yahoo does in session.
        splits: events sent with the bars.
        hours: open and close of what Yahoo takes for the current session.
    """

    bars: Sequence[Bar]
    price: float | None = None
    price_at: datetime | None = None
    splits: Sequence[Split] = ()
    hours: tuple[datetime, datetime] | None = None

    def chart(self, symbol: str, first: float, end: float) -> dict[str, Any]:
        """The chart of the bars from `first` to before `end`, in seconds since 1970."""
        stamped = [(self._stamp(bar), bar) for bar in self.bars]
        asked = [(stamp, bar) for stamp, bar in stamped if first <= stamp < end]
        result: dict[str, Any] = {"meta": self._meta(symbol), "indicators": {"quote": [{}]}}
        if asked:
            result["timestamp"] = [stamp for stamp, _ in asked]
            result["indicators"] = _indicators([bar for _, bar in asked])
        if self.splits:
            result["events"] = {"splits": {str(_open(s)): _event(s) for s in self.splits}}
        return {"chart": {"result": [result], "error": None}}

    def _stamp(self, bar: Bar) -> int:
        if self.price_at and self.price_at.astimezone(SAO_PAULO).date() == bar.session:
            return int(self.price_at.timestamp())
        return _open(bar)

    def _meta(self, symbol: str) -> dict[str, Any]:
        meta: dict[str, Any] = {
            "currency": "BRL",
            "symbol": symbol,
            "exchangeName": "SAO",
            "instrumentType": "EQUITY",
            "gmtoffset": -10800,
            "timezone": "BRT",
            "exchangeTimezoneName": "America/Sao_Paulo",
            "priceHint": 2,
            "dataGranularity": "1d",
            "range": "",
            "validRanges": RANGES,
        }
        if self.price is not None:
            meta["regularMarketPrice"] = self.price
        if self.price_at is not None:
            meta["regularMarketTime"] = int(self.price_at.timestamp())
        if self.hours is not None:
            start, end = (int(moment.timestamp()) for moment in self.hours)
            period = {"timezone": "BRT", "start": start, "end": end, "gmtoffset": -10800}
            meta["currentTradingPeriod"] = {"regular": period}
        return meta


class YahooServer:
    """The server, from `with` to its end; give it answers, ask it for `requests`.

    Attributes:
        answers: by symbol; symbols without one are unknown.
        requests: path and query of every request, in order.
        latency: seconds before each chart.
        crumb: what `getcrumb` answers; None for "Too Many Requests".
        refusal: status of a chart for those who come without the crumb; 0 when they get it.
    """

    def __init__(self, answers: Mapping[str, Share | Answer] | None = None) -> None:
        self.answers: dict[str, Share | Answer] = dict(answers or {})
        self.requests: list[str] = []
        self.latency = 0.0
        self.crumb: str | None = "a.crumb"
        self.refusal = 0
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def charts(self) -> list[str]:
        """Symbols whose charts were asked for, in order."""
        paths = (urlsplit(request).path for request in self.requests)
        return [path.removeprefix(CHART) for path in paths if path.startswith(CHART)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, target: str) -> Answer:
        """What Yahoo would answer to a GET of `target`."""
        self.requests.append(target)
        address = urlsplit(target)
        if address.path == "/v1/test/getcrumb":
            return TOO_MANY if self.crumb is None else Answer(self.crumb, content_type="text/plain")
        if not address.path.startswith(CHART):
            return Answer("<html></html>", status=404, content_type="text/html")
        self._ended.wait(self.latency)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if self.refusal and (self.crumb is None or query.get("crumb") != self.crumb):
            return _refused("Unauthorized", "Invalid Crumb", self.refusal)
        return self._chart(address.path.removeprefix(CHART), query)

    def _chart(self, symbol: str, query: Mapping[str, str]) -> Answer:
        known = self.answers.get(symbol, NOT_FOUND)
        if isinstance(known, Answer):
            return known
        if query.get("interval") != "1d" or not {"period1", "period2"} <= query.keys():
            return _refused("Bad Request", "Invalid input - interval or period is not supported")
        first, end = float(query["period1"]), float(query["period2"])
        return Answer(json.dumps(known.chart(symbol, first, end), allow_nan=False))


def _handler(server: YahooServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1  # headers and body in one packet

        def do_GET(self) -> None:
            answer = server.answer(self.path)
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # who asked may have lost patience
                self.wfile.write(body)
                self.wfile.flush()

        def log_message(self, *args: object) -> None:
            """Say nothing; `requests` tells."""

    return Handler


def _refused(code: str, description: str, status: int = 400) -> Answer:
    error = {"code": code, "description": description}
    return Answer(json.dumps({"chart": {"result": None, "error": error}}), status)


def _open(of: Bar | Split) -> int:
    return int(datetime.combine(of.session, OPENS, SAO_PAULO).timestamp())


def _event(split: Split) -> dict[str, Any]:
    return {"date": _open(split), "numerator": split.ratio, "denominator": 1, "splitRatio": ""}


def _indicators(bars: Sequence[Bar]) -> dict[str, Any]:
    columns = ("open", "high", "low", "close", "volume")
    quote = {name: [_sent(getattr(bar, name)) for bar in bars] for name in columns}
    return {"quote": [quote], "adjclose": [{"adjclose": quote["close"]}]}


def _sent(value: float) -> float | None:
    return value if math.isfinite(value) else None
