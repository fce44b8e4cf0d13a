"""What was typed, made safe for a message; and a message, made plain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.markup import (
    LONGEST_TEXT,
    TYPED_SHOWN,
    bold,
    plain,
    shortened,
    telegram_length,
    typed,
)


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


LINK = '<a href="https://b3.com.br/?a=1&amp;b=2">B3…</a>'


def test_what_fits_is_left_alone() -> None:
    """Nothing is lost of a message that Telegram takes as it is."""
    message = "<b>" + "a" * LONGEST_TEXT + "</b>"

    assert shortened(message) == message


@pytest.mark.parametrize(
    ("message", "limit", "shown"),
    [
        ("um\ndois\ntrês", 9, "um\ndois\n…"),
        ("<b>um\ndois</b> e mais", 5, "<b>um\n…</b>"),
        ("<b>um <i>dois</i></b>\ntrês", 6, "<b>um <i>do…</i></b>"),
        ("palavra", 4, "pal…"),
        ("1 &lt; 2 &amp; 3", 4, "1 &lt;…"),
        ("📈📈📈", 4, "📈…"),
        ("T\n" + "x" * 50, 20, "T\n" + "x" * 17 + "…"),
        ('<a href="https://b3.com.br/?a=1&amp;b=2">B3</a> hoje', 3, LINK),
        ("um", 1, "…"),
    ],
)
def test_what_is_too_long_ends_at_a_line_with_its_tags_closed(
    message: str, limit: int, shown: str
) -> None:
    """An alarm with a long reason still says what it is about, and Telegram takes it."""
    assert shortened(message, limit) == shown


def test_half_a_sign_from_elsewhere_does_not_stop_a_message() -> None:
    """JSON may carry half of a pair; no connection can, and the alarm would never leave."""
    assert shortened("erro \ud83d aqui") == "erro ? aqui"


FRAGMENTS = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i>", "</i>", '<a href="x">', "</a>", "\n", "&lt;", "📈", "ab"]
    )
    | st.text(max_size=5),
    max_size=60,
)


@given(FRAGMENTS, st.integers(1, 40))
def test_everything_fits_when_it_is_shortened(fragments: list[str], limit: int) -> None:
    """Whatever somebody else's alarm looks like, Telegram's limit is kept."""
    assert telegram_length(shortened("".join(fragments), limit)) <= limit


@given(st.lists(st.sampled_from(["<b>{}</b>", "<code>{}</code>", "{}"]), max_size=30), st.data())
def test_tags_stay_balanced(forms: list[str], data: st.DataObject) -> None:
    """One open tag and Telegram refuses the message."""
    words = st.sampled_from(["um", "dois &amp; três", "quatro\ncinco", "📈"])
    message = "".join(form.format(data.draw(words)) for form in forms)
    short = shortened(message, data.draw(st.integers(1, 60)))

    for tag in ("b", "code"):
        assert short.count(f"<{tag}>") == short.count(f"</{tag}>")
    assert plain(message).startswith(plain(short).removesuffix("…"))
