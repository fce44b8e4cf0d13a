"""The JSON of `POST /invocations`: windows in, quantiles of the six coming closes out.

    body ──read_windows()──▶ closes, highs, lows ──graph──▶ (n, 6, 9) ──written()──▶ body

Prices are in whatever currency the share has; every series is oldest first.  Whatever is wrong is
refused with its exact place, as `instances[3].closes: 59 values, 60 expected`.  An unknown key is
refused too: ignoring it would let a caller believe that it had been used.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

WINDOW = 60
"""Closes per instance, in sessions."""

STEPS = 6
"""Sessions that every answer forecasts."""

MOST_INSTANCES = 1_000

LEAST_PRICE, MOST_PRICE = 1e-30, 1e30
"""The graph computes in float32 (1e-38 to 3e38); a forecast needs room to move."""

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
"""The levels of the graph's quantiles, in its order."""

BANDS = {"median": 0.5, "low80": 0.1, "high80": 0.9, "low95": 0.025, "high95": 0.975}
"""What an answer calls the levels that people read."""

QUANTILES = (0.05, 0.1, 0.25, 0.75, 0.9, 0.95)
"""Levels also given under `quantiles`, by their shortest decimal form: "0.05", "0.1", …"""

_KEYS = ("closes", "highs", "lows")
_NUMBERS = frozenset({int, float})  # exact types: a bool is an int to isinstance
_NOT_GIVEN = [float("nan")] * WINDOW
_ROWS = {name: LEVELS.index(level) for name, level in BANDS.items()}
_QUANTILE_ROWS = {f"{level:g}": LEVELS.index(level) for level in QUANTILES}

Prices = NDArray[np.float32]


class RequestRefused(Exception):
    """The request cannot be answered; the sentence says where and why, for its sender.

    Attributes:
        status: HTTP status that says the same.
    """

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Checked instances; arrays of shape (n, 60), highs and lows NaN where not given."""

    closes: Prices
    highs: Prices
    lows: Prices

    def parts(self, size: int) -> Iterator[tuple[Prices, Prices, Prices]]:
        """The same windows in their order, at most `size` at a time."""
        for start in range(0, len(self.closes), size):
            part = slice(start, start + size)
            yield self.closes[part], self.highs[part], self.lows[part]


def read_windows(body: bytes) -> Windows:
    """Read and check a request.

    Raises:
        RequestRefused: it is not JSON, or not 1 to 1,000 instances as the design has them.
    """
    rows = [_series_of(one, index) for index, one in enumerate(_instances(body))]
    prices = np.array(rows, dtype=np.float64)  # (n, 3, 60)
    _refuse_prices_out_of_range(prices)
    _refuse_highs_below_lows(prices)
    closes, highs, lows = prices.astype(np.float32).transpose(1, 0, 2)
    return Windows(closes, highs, lows)


def written(quantiles: Prices, model: Mapping[str, str]) -> bytes:
    """Write the answer.

    Args:
        quantiles: prices of shape (n, 6, 9), steps nearest first, levels as in `LEVELS`.
        model: name, version and sha256 of what computed them.

    Raises:
        RequestRefused: an instance so extreme that its forecast is no finite positive price.
    """
    _refuse_impossible(quantiles)
    by_level = np.ascontiguousarray(quantiles.transpose(0, 2, 1), dtype=np.float32)  # (n, 9, 6)
    predictions = [_prediction(rows) for rows in by_level]
    return orjson.dumps(
        {"predictions": predictions, "model": model},
        option=orjson.OPT_SERIALIZE_NUMPY,  # float32 stays in its shortest form: half the bytes
    )


def _prediction(rows: Prices) -> dict[str, Any]:
    bands: dict[str, Any] = {name: rows[row] for name, row in _ROWS.items()}
    bands["quantiles"] = {level: rows[row] for level, row in _QUANTILE_ROWS.items()}
    return bands


def _decoded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _decoded_leniently(body)


def _decoded_leniently(body: bytes) -> Any:
    # NaN, Infinity and 1e400 come from other JSON writers: read on, so that they get a place.
    try:
        return json.loads(body, parse_constant=str, parse_int=float)
    except (ValueError, RecursionError) as error:
        raise RequestRefused(f"body: not JSON, {error}") from None


def _instances(body: bytes) -> list[Any]:
    request = _decoded(body)
    if not isinstance(request, dict):
        raise RequestRefused(f"body: {_told(request)}, an object with instances expected")
    _refuse_unknown(request, ("instances",), "")
    instances = request.get("instances")
    if not isinstance(instances, list):
        raise RequestRefused(f"instances: {_found(request, 'instances')}, a list expected")
    if not 1 <= len(instances) <= MOST_INSTANCES:
        raise RequestRefused(f"instances: {_values(instances)}, 1 to {MOST_INSTANCES:,} expected")
    return instances


def _series_of(instance: object, index: int) -> list[list[float]]:
    if not isinstance(instance, dict):
        raise RequestRefused(f"instances[{index}]: {_told(instance)}, an object expected")
    place = f"instances[{index}]."
    _refuse_unknown(instance, _KEYS, place)
    if "highs" in instance or "lows" in instance:
        return [_series(instance, key, place) for key in _KEYS]
    return [_series(instance, "closes", place), _NOT_GIVEN, _NOT_GIVEN]


def _series(instance: dict[str, Any], key: str, place: str) -> list[float]:
    values = instance.get(key)
    if not isinstance(values, list):
        wanted = f"a list of {WINDOW} numbers expected"
        raise RequestRefused(f"{place}{key}: {_found(instance, key)}, {wanted}")
    if len(values) != WINDOW:
        raise RequestRefused(f"{place}{key}: {_values(values)}, {WINDOW} expected")
    if not _NUMBERS.issuperset(map(type, values)):
        at = next(at for at, value in enumerate(values) if type(value) not in _NUMBERS)
        raise RequestRefused(f"{place}{key}[{at}]: {_told(values[at])}, a number expected")
    return values


def _refuse_unknown(given: dict[str, Any], known: Sequence[str], place: str) -> None:
    for key in given:
        if key not in known:
            raise RequestRefused(f"{place}{_printable(key)[:40]}: unknown key")


def _refuse_prices_out_of_range(prices: NDArray[np.float64]) -> None:
    wrong = (prices < LEAST_PRICE) | (prices > MOST_PRICE)  # NaN, not given, is neither
    if wrong.any():
        index, key, at = np.argwhere(wrong)[0]
        told = (
            f"{prices[index, key, at]:g}, a price from {LEAST_PRICE:g} to {MOST_PRICE:g} expected"
        )
        raise RequestRefused(f"instances[{index}].{_KEYS[key]}[{at}]: {told}")


def _refuse_highs_below_lows(prices: NDArray[np.float64]) -> None:
    wrong = prices[:, 1] < prices[:, 2]
    if wrong.any():
        index, at = np.argwhere(wrong)[0]
        _, high, low = prices[index, :, at]
        told = f"{high:.10g}, at least lows[{at}] = {low:.10g} expected"
        raise RequestRefused(f"instances[{index}].highs[{at}]: {told}")


def _refuse_impossible(quantiles: Prices) -> None:
    possible = (np.isfinite(quantiles) & (quantiles > 0)).all(axis=(1, 2))
    if not possible.all():
        index = int(np.argmin(possible))
        raise RequestRefused(f"instances[{index}]: no finite forecast follows from these prices")


def _values(values: list[Any]) -> str:
    return "1 value" if len(values) == 1 else f"{len(values):,} values"


def _found(given: dict[str, Any], key: str) -> str:
    return _told(given[key]) if key in given else "missing"


def _told(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else json.dumps(value)[:40]


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair cannot be sent
