"""The morning's forecasts of 1 … 400 shares: `python -m tests.bench.scale_shares`.

Closes come from the local Yahoo with 80 ms of network, four shares at a time; all windows go to
the endpoint in one invocation, over 10 ms of network.  Nothing is in memory before.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.edges.kept_closes import KeptCloses
from bot.edges.kept_forecasts import KeptForecasts
from bot.edges.local_processes import LOCAL_ENDPOINT
from bot.edges.yahoo import YahooCloses
from bot.flow.forecasts.forecaster import Forecaster
from tests.bench.curves import Curve
from tests.bench.ours import STARTED, World, world
from tests.share_bars import B3, at

SIZES = (1, 10, 40, 100, 400)
"""B3 lists about 400 shares that trade every day."""


def curves(sizes: Sequence[int] = SIZES) -> list[Curve]:
    """Seconds until all are forecast."""
    with (
        world(max(sizes)) as seen,
        tempfile.TemporaryDirectory() as folder,
        closing(YahooCloses(Path(folder) / "yahoo", base_url=seen.yahoo.url)) as yahoo,
    ):
        _forecast(seen, yahoo, Path(folder) / "first", 1)  # yfinance makes its caches
        points = [(size, _forecast(seen, yahoo, Path(folder) / f"{size}", size)) for size in sizes]
    return [Curve("time for the morning's forecasts", "s", "shares", tuple(points))]


def _forecast(seen: World, yahoo: YahooCloses, folder: Path, size: int) -> float:
    tickers = [Ticker(f"{name}.SA") for name in seen.tickers[:size]]
    began = time.perf_counter()
    found = asyncio.run(_outlooks(seen, yahoo, folder, tickers))
    taken = time.perf_counter() - began
    if not all(isinstance(one, Outlook) for one in found.values()):
        raise RuntimeError(f"not all of {size} were forecast")
    return taken


async def _outlooks(
    seen: World, yahoo: YahooCloses, folder: Path, tickers: list[Ticker]
) -> dict[Ticker, object]:
    endpoint = SageMakerEndpoint(runtime_client("sa-east-1", seen.runtime), LOCAL_ENDPOINT)
    closes = KeptCloses(yahoo, folder, B3)
    forecaster = Forecaster(closes, KeptForecasts(endpoint), B3, lambda: at(STARTED))
    return dict(await forecaster.outlooks(tickers))


if __name__ == "__main__":
    for curve in curves():
        for row in curve.rows():
            sys.stdout.write(f"{row}\n")
