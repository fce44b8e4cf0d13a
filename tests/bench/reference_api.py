"""The reference design rebuilt: `python -m tests.bench.reference_api YAHOO RUNTIME DIR`.

    request ─▶ yf.download ─▶ MinMaxScaler ─▶ a new boto3 client ─▶ one invocation per day ─▶ JSON

What it does, from its description: closes are downloaded within the request, over past days only,
which yfinance keeps in memory; a client is made for each request; five days are five invocations,
each fed with the answer of the one before.  Where the description would make it fail or slow for
reasons of no interest here, the better reading is taken: it asks for 120 days where 90 are too few
on a third of all days, and the share's time zone is known from the day before.
"""

import sys
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import orjson
import yfinance
from curl_cffi import requests
from fastapi import FastAPI
from yfinance.cache import get_tz_cache

from bot.domain.sessions import SAO_PAULO
from bot.edges.local_processes import LOCAL_ENDPOINT
from tests.loopback import listening

TODAY = date(2026, 7, 28)
DAYS = timedelta(days=120)
WINDOW = 60


class _LocalYahoo(requests.Session[requests.Response]):
    """Takes every request of yfinance to the stand-in."""

    def __init__(self, yahoo: str) -> None:
        super().__init__(impersonate="chrome", trust_env=False)
        self._yahoo = yahoo

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        path = url.partition("//")[2].partition("/")[2]
        return super().request(method, f"{self._yahoo}/{path}", *args, **kwargs)


class Reference:
    """Forecasts the way that the reference does."""

    def __init__(self, yahoo: str, runtime: str) -> None:
        self._session = _LocalYahoo(yahoo)
        self._runtime = runtime

    def closes(self, ticker: str) -> list[float]:
        """The newest closes but today's."""
        if get_tz_cache().lookup(ticker) is None:
            get_tz_cache().store(ticker, SAO_PAULO.key)
        frame = yfinance.download(
            ticker,
            start=TODAY - DAYS,
            end=TODAY,
            progress=False,
            auto_adjust=True,
            session=self._session,
        )
        return [float(price) for price in frame["Close"].to_numpy().ravel()[-WINDOW:]]

    def days(self, ticker: str, count: int) -> list[float]:
        """So many forecasts, each made from the one before."""
        closes = self.closes(ticker)
        lowest, highest = min(closes), max(closes)
        client = boto3.client(
            "sagemaker-runtime",
            region_name="sa-east-1",
            endpoint_url=self._runtime,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        for _ in range(count):
            closes.append(self._next(client, closes[-WINDOW:]))
        # Its scaler, undone again because the endpoint of this project takes prices.
        scaled = [(price - lowest) / (highest - lowest) for price in closes[-count:]]
        return [lowest + one * (highest - lowest) for one in scaled]

    def _next(self, client: Any, closes: list[float]) -> float:
        answer = client.invoke_endpoint(
            EndpointName=LOCAL_ENDPOINT,
            ContentType="application/json",
            Body=orjson.dumps({"instances": [{"closes": closes}]}),
        )
        return float(orjson.loads(answer["Body"].read())["predictions"][0]["median"][0])


def application(reference: Reference) -> FastAPI:
    """Its two routes, as plain functions that FastAPI runs in threads."""
    app = FastAPI()

    @app.get("/fechamento/hoje")
    def hoje(papel: str) -> dict[str, float]:
        return {"predicted_price": reference.days(papel, 1)[0]}

    @app.get("/fechamento/proximos")
    def proximos(papel: str) -> dict[str, list[float]]:
        return {"previsoes_proximos_5_dias": reference.days(papel, 5)}

    return app


def main(yahoo: str, runtime: str, folder: str) -> None:
    """Serve until standard input closes."""
    yfinance.set_tz_cache_location(str(Path(folder)))
    warnings.filterwarnings("ignore")  # yfinance shows pandas' deprecations, thousands of them
    with listening(application(Reference(yahoo, runtime))) as url:
        sys.stdout.write(f"listening on {url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:4])
