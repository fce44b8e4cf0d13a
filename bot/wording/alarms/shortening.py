"""Other people's text, made short and harmless before it gets any tag.

Lengths are UTF-16 units, as Telegram counts.  Signs that cannot be seen become spaces: they would
turn the line around, or make Telegram refuse the message.
"""

ELLIPSIS = "…"
CUT = "[texto cortado]"


def one_line(text: str, units: int) -> str:
    """The text as a single line of at most `units`, an ellipsis included."""
    line = " ".join(_seen(text, units).split())
    return line if length(line) <= units else f"{_start(line, units - 1).rstrip()}{ELLIPSIS}"


def some_lines(text: str, units: int) -> str:
    """The text of at most `units`; what is too long ends with a whole line, and a remark."""
    body = _seen(text, units).strip()
    if length(body) <= units:
        return body
    start = _start(body, units - len(CUT) - 1)
    whole = start.rpartition("\n")[0]
    # A single long line has no better place to be cut than where it is full.
    return f"{whole if len(whole) > len(start) // 2 else start}\n{CUT}"


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _seen(text: str, units: int) -> str:
    """The text without invisible signs, or so much of it as says that it is too long."""
    near = text[: units * 4 + 4]
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in near)


def _start(text: str, units: int) -> str:
    """The longest start that fits; no sign is cut in two."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
