"""List prices of one region, read from `prices.toml`, and the lines that an estimate is made of.

The file says when and how its prices were entered.  US dollars, on demand, without taxes.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "prices.toml"


class NoPrice(Exception):
    """The table has no price of this for this region."""

    def __init__(self, what: str, region: str) -> None:
        super().__init__(f"prices.toml has no price of {what} in {region}")
        self.what = what
        self.region = region


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the estimate.

    Attributes:
        quantity: a month, in `unit`, before what is free is taken off.
        free: of that quantity, given away for ever.
        price: US dollars for one unit.
    """

    what: str
    quantity: float
    unit: str
    free: float
    price: float

    @property
    def usd(self) -> float:
        """US dollars a month."""
        return max(0.0, self.quantity - self.free) * self.price


@dataclass(frozen=True, slots=True)
class PriceTable:
    """List prices of one region.

    Attributes:
        dated: year and month of the list.
        source: whose list it is.
    """

    region: str
    dated: str
    source: str
    hours: float
    prices: dict[str, Any]

    def line(self, what: str, key: str, quantity: float) -> Line:
        """A line at the price that `key` names.

        Raises:
            NoPrice: the table has none.
        """
        found = self.prices.get(key, {})
        if self.region not in found:
            raise NoPrice(key, self.region)
        return Line(what, quantity, found["unit"], found.get("free", 0), found[self.region])

    def hourly(self, what: str, key: str, count: float = 1) -> Line:
        """A line for what runs all month."""
        return self.line(what, key, count * self.hours)


def read_prices(region: str, table: Path = TABLE) -> PriceTable:
    """The table's prices of `region`."""
    read = tomllib.loads(table.read_text(encoding="utf-8"))
    return PriceTable(region, read["dated"], read["source"], read["hours_a_month"], read["price"])
