"""The monthly cost of a deployment, as `plan` shows it: lines, sum, and what is assumed."""

from deploy.price_table import Line, NoPrice, read_prices
from deploy.prices import Usage, monthly, reference_setup, total
from deploy.stack.options import Options

_A_CENT = 0.01


def estimate(options: Options, usage: Usage) -> list[str]:
    """The estimate, or one line that says why there is none."""
    prices = read_prices(options.region)
    try:
        found, reference = monthly(options, usage, prices), reference_setup(prices)
    except NoPrice as error:
        return [f"no estimate of the cost: {error}"]
    whole = total(found)
    share = whole / total(reference)
    return [
        f"about US$ {whole:.2f} a month in {options.region}, list prices of {prices.dated}",
        *_lines(found),
        f"assumed: {_assumed(usage)}",
        f"for comparison: {_names(reference)}: US$ {total(reference):.2f} ({share:.0%} of it)",
        f"source: {prices.source}; without taxes, and without what is free in the first year",
    ]


def _lines(found: list[Line]) -> list[str]:
    """The dearest first; what costs less than half a cent only by name."""
    dear = [line for line in found if line.usd >= _A_CENT / 2]
    cheap = [line.what for line in found if line not in dear]
    rest = [f"  less than a cent each: {', '.join(cheap)}"] if cheap else []
    return [*map(_line, sorted(dear, key=lambda line: -line.usd)), *rest]


def _line(line: Line) -> str:
    return f"  {line.usd:8.2f}  {line.what} ({line.quantity:,.6g} {line.unit})"


def _assumed(usage: Usage) -> str:
    return (
        f"{usage.subscribers:,} subscribers of {usage.shares} shares, "
        f"{usage.questions:g} question a day each, {usage.call_seconds:g} s billed for a call, "
        f"{usage.log_gb:g} GB of logs"
    )


def _names(reference: list[Line]) -> str:
    return " and ".join(line.what for line in reference)
