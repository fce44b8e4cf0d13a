"""What was typed, made safe for a message; and a message, made plain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.markup import TYPED_SHOWN, bold, plain, telegram_length, typed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("XPTO", "<code>XPTO</code>"),
        ("<b>&", "<code>&lt;b&gt;&amp;</code>"),
        ("a" * 21, f"<code>{'a' * 19}…</code>"),
        ("a" * 20, f"<code>{'a' * 20}</code>"),
        ("um\ndois\t tres", "<code>um dois tres</code>"),
        ("abc\u202edef", "<code>abc def</code>"),
        ("\u200b\n", ""),
        ("", ""),
    ],
)
def test_what_was_typed_comes_back_short_and_harmless(text: str, shown: str) -> None:
    """Whoever types markup, lines or invisible signs must not paint the bot's message."""
    assert typed(text) == shown


@given(st.text(max_size=200))
def test_nothing_typed_can_open_a_tag_or_a_line(text: str) -> None:
    """A single stray tag would make Telegram refuse the whole answer."""
    inner = typed(text).removeprefix("<code>").removesuffix("</code>")

    assert not re.search(r"[<>\n\r]|&(?!(amp|lt|gt|quot|#x27);)", inner)
    assert len(plain(typed(text))) <= TYPED_SHOWN


@given(st.text())
def test_plain_undoes_what_markup_did(text: str) -> None:
    """A reader without HTML sees the words, no tags and no entities."""
    assert plain(f"antes {bold(text)} depois") == f"antes {text} depois"


def test_length_counts_as_telegram_counts() -> None:
    """Telegram measures UTF-16 units after parsing, so tags are free and an emoji is two."""
    assert telegram_length("<b>R&amp;D</b> 📈") == 6
