"""What of formatted text Telegram takes, what it refuses, and what it makes of it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.helpers import escape_markdown

from deploy.local.telegram.formatting.html_markup import parse_html
from deploy.local.telegram.formatting.legacy_markup import parse_legacy_markdown
from deploy.local.telegram.formatting.links import checked_link
from deploy.local.telegram.formatting.markdown_markup import parse_markdown_v2
from deploy.local.telegram.formatting.marked import Entity, Marked, units
from deploy.local.telegram.formatting.rendering import as_html
from deploy.local.telegram.formatting.settling import settled
from deploy.local.telegram.refusals import Refused

UNPARSABLE = "Bad Request: can't parse entities: "

HTML = [
    ("<b>R$ 36,12</b> &lt; 40 &amp; &#8364;", "R$ 36,12 < 40 & €", [("bold", 0, 8)]),
    ("<strong>a</strong><em>b</em><ins>c</ins>", "abc", None),
    ("😀<b>é</b>", "😀é", [("bold", 2, 1)]),
    ("<b>a <i>b</i> c</b>", "a b c", [("bold", 0, 5), ("italic", 2, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<B >a</B>", "a", [("bold", 0, 1)]),
    ("<b></b>a", "a", []),
    ("1 &nbsp; & 2", "1 &nbsp; & 2", []),
    ("<code>a</code>", "a", [("code", 0, 1)]),
    ("<pre>a</pre>", "a", [("pre", 0, 1)]),
    ("<pre>a<code>b</code></pre>", "ab", [("pre", 0, 2)]),
    ('<code class="x">a</code>', "a", [("code", 0, 1)]),
    ("<a>b3.com.br</a>", "b3.com.br", [("text_link", 0, 9)]),
    ("<a href=b3.com.br>a</a>", "a", [("text_link", 0, 1)]),
    ("<blockquote class='x' expandable>a</>", "a", [("expandable_blockquote", 0, 1)]),
    ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    ("&#00000000065;", "&#00000000065;", []),
    ("&#0;&#x41;&gt", "&#0;A>", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]] | None
) -> None:
    """What the bot formats is what people see formatted, at the same place."""
    found = settled(parse_html(source))

    assert found.text == text
    if entities is not None:
        assert [(each.kind, each.offset, each.length) for each in found.entities] == entities


def test_a_language_makes_code_a_block_of_that_language() -> None:
    """Both ways round that Telegram documents."""
    outside = parse_html('<pre><code class="language-python">x</code></pre>')
    inside = parse_html('<code class="language-python"><pre>x</pre></code>')

    assert outside == inside == Marked("x", (Entity("pre", 0, 1, language="python"),))


def test_links_name_addresses_people_or_nothing() -> None:
    """A link that leads nowhere keeps its text only."""
    source = '<a href="b3.com.br">a</a> <a href="tg://user?id=5">b</a> <a href="javascript:x">c</a>'

    assert parse_html(source) == Marked(
        "a b c",
        (
            Entity("text_link", 0, 1, url="http://b3.com.br/"),
            Entity("text_mention", 2, 1, user=5),
        ),
    )


WRONG_HTML = [
    ("<x>", 'Unsupported start tag "x" at byte offset 0'),
    ("é < b", 'Unsupported start tag "" at byte offset 3'),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<a href", 'Expected equal sign in declaration of an attribute of the tag "a"'),
    ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
    ("<a href=x", 'Unclosed start tag "a" at byte offset 0'),
    ("<a ", 'Unclosed start tag "a" at byte offset 0'),
    ("<a href=x!>y</a>", "Unexpected end of name token at byte offset 8"),
    ("<a ='x'>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
]


@pytest.mark.parametrize(("source", "reason"), WRONG_HTML)
def test_wrong_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    """A bot that escapes badly has to fail here as it would fail there."""
    with pytest.raises(Refused) as refused:
        parse_html(source)

    assert refused.value.status == 400
    assert refused.value.description.startswith(UNPARSABLE + reason)


MARKDOWN = [
    (r"*R$ 36\.12* _a_ __b__ ~c~ ||d||", "R$ 36.12 a b c d", "bold italic underline "
     "strikethrough spoiler"),
    ("`a.b` ```python\nx=1\n```", "a.b x=1\n", "code pre"),
    (r"[a](http://b3.com.br/\))", "a", "text_link"),
    ("![👍](tg://emoji?id=5)", "👍", "custom_emoji"),
    (">a\n>b\nc", "a\nb\nc", "blockquote"),
    (">a", "a", "blockquote"),
    (">*a\nb*", "a\nb", "bold blockquote"),
    ("**>a", "a", "blockquote"),
    ("**a", "a", ""),
    ("[b3\\.com\\.br]", "b3.com.br", "text_link"),
    ("[](b3.com.br)![](tg://emoji?id=5)a", "a", ""),
    ("```a```", "a", "pre"),
    (">a\n>b||\nc", "a\nb\nc", "expandable_blockquote"),
    ("*a _b_ c*", "a b c", "italic bold"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "kinds"), MARKDOWN)
def test_markdown_v2_becomes_text_and_entities(source: str, text: str, kinds: str) -> None:
    """The second format that bots use."""
    found = parse_markdown_v2(source)

    assert (found.text, [each.kind for each in found.entities]) == (text, kinds.split())


WRONG_MARKDOWN = [
    ("36.12", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
    ("a>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
    (">*a\nb", "Can't find end of Bold entity at byte offset 1"),
    ("é*a", "Can't find end of Bold entity at byte offset 2"),
    ("```a", "Can't find end of Pre"),
    ("[a](b", "Can't find end of a URL at byte offset 3"),
    ("![a](b)", "Custom emoji entity must contain a tg://emoji URL"),
]


@pytest.mark.parametrize(("source", "reason"), WRONG_MARKDOWN)
def test_wrong_markdown_v2_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    """One unescaped decimal point and an alarm is never delivered: that has to show here."""
    with pytest.raises(Refused) as refused:
        parse_markdown_v2(source)

    assert refused.value.description.startswith(UNPARSABLE + reason)


def test_legacy_markdown_knows_four_signs() -> None:
    """Old bots use it still, and "36.12" needs no escaping there."""
    assert parse_legacy_markdown("[a] ``** ```\n```x").text == "a  \nx"
    found = parse_legacy_markdown("*a* _b_ `36.12` [d](b3.com.br) \\_ ```x```")

    assert found == Marked(
        "a b 36.12 d _ x",
        (
            Entity("bold", 0, 1),
            Entity("italic", 2, 1),
            Entity("code", 4, 5),
            Entity("text_link", 10, 1, url="http://b3.com.br/"),
            Entity("pre", 14, 1),
        ),
    )


def test_legacy_markdown_must_be_closed() -> None:
    """An underscore in a ticker is enough to lose a message."""
    with pytest.raises(Refused, match="Can't find end of the entity starting at byte offset 1"):
        parse_legacy_markdown("a_b")


SETTLED = [
    ("  <b>a</b> ", "a", [("bold", 0, 1)]),
    ("<b> a</b>", "a", [("bold", 0, 1)]),
    ("<b> </b>a", "a", []),
    ("a\r\nb\tc", "a\nb c", []),
    ("<b>a</b><b>b</b>", "ab", [("bold", 0, 2)]),
    ("<b>a <code>b</code> c</b>", "a b c", [("bold", 0, 2), ("code", 2, 1), ("bold", 4, 1)]),
    (
        '<b>a <a href="b3.com.br">b</a> c</b>',
        "a b c",
        [("bold", 0, 2), ("text_link", 2, 1), ("bold", 2, 1), ("bold", 4, 1)],
    ),
    ("/hoje, #b3 $ITUB @fulano a@b3.com.br", None, [
        ("bot_command", 0, 5), ("hashtag", 7, 3), ("cashtag", 11, 5), ("mention", 17, 7),
        ("email", 25, 11),
    ]),
    ("(veja https://b3.com.br/x.)", None, [("url", 6, 19)]),
    ("ITUB4.SA", None, [("url", 0, 8)]),
    ("<code>/hoje ITUB4.SA</code>", None, [("code", 0, 14)]),
    ("1/2 e/ou $5", None, []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities"), SETTLED)
def test_telegram_tidies_what_it_was_sent(
    source: str, text: str | None, entities: list[tuple[str, int, int]]
) -> None:
    """A bot that compares what it sent with what it got back sees these differences there too."""
    found = settled(parse_html(source))

    assert [(each.kind, each.offset, each.length) for each in found.entities] == entities
    assert text is None or found.text == text


def test_signs_that_are_dropped_move_what_is_marked_behind_them() -> None:
    """A carriage return in an alarm's text would otherwise shift every bold word."""
    found = settled(Marked("a\r\nbc\r\nd", (Entity("bold", 3, 4), Entity("italic", 8, 0))))

    assert found == Marked("a\nbc\nd", (Entity("bold", 2, 3),))


def test_links_do_not_hold_quotations_or_cross_them() -> None:
    """Of what overlaps, the quotation stays."""
    holding = Marked(
        "abcdef", (Entity("text_link", 0, 6, url="tg://a"), Entity("blockquote", 1, 2))
    )
    crossing = Marked(
        "abcdef", (Entity("text_link", 0, 3, url="tg://a"), Entity("blockquote", 1, 5))
    )

    assert settled(holding).entities == (Entity("blockquote", 1, 2),)
    assert settled(crossing).entities == (Entity("blockquote", 1, 5),)


def test_a_link_over_spaces_is_kept() -> None:
    """It is what bots hide pictures behind; a style over spaces is nothing."""
    link = Entity("text_link", 1, 1, url="http://b3.com.br/")

    assert settled(Marked("a b", (link, Entity("bold", 1, 1)))).entities == (link,)


LINKS = [
    ("b3.com.br", "http://b3.com.br/"),
    ("b3.com.br:80/x", "http://b3.com.br:80/x"),
    ("https://b3.com.br?a=1", "https://b3.com.br?a=1"),
    ("tg://resolve?domain=b3", "tg://resolve?domain=b3"),
    ("tg:", ""),
    ("javascript:alert(1)", ""),
    ("http://[::1", ""),
    ("http://a b.com", ""),
    ("", ""),
]


@pytest.mark.parametrize(("url", "kept"), LINKS)
def test_links_are_completed_or_dropped(url: str, kept: str) -> None:
    """Nothing that a browser would run gets through."""
    assert checked_link(url) == kept


def test_entities_that_cross_are_cut_where_the_second_begins() -> None:
    """Explicit entities may overlap; what is kept nests."""
    crossing = Marked("abcdefgh", (Entity("bold", 0, 5), Entity("italic", 3, 5)))

    assert settled(crossing).entities == (
        Entity("bold", 0, 3),
        Entity("italic", 3, 5),
        Entity("bold", 3, 2),
    )


@pytest.mark.parametrize("entity", [Entity("bold", 4, 1), Entity("bold", 2, 2)])
def test_entities_outside_the_text_are_refused(entity: Entity) -> None:
    """Offsets counted in characters instead of UTF-16 units are noticed."""
    with pytest.raises(Refused, match="end of the text at UTF-16 offset"):
        settled(Marked("abc", (entity,)))


ANYTHING = st.text(st.characters(codec="utf-8"))
PIECES = st.lists(
    st.sampled_from(
        [
            *"abé😀 \n\r\t/@#$.*_~|[]()`>!\\<&;='\"",
            *("<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<pre>", "</pre>", "</a>"),
            *("<a href='x.br'>", "<blockquote>", "</blockquote>", "&lt;", "&#128512;"),
            *("__", "||", "```", "](b3.com.br)", "/hoje", "@fulano", "ITUB4.SA", "a@b.com"),
        ]
    ),
    max_size=24,
).map("".join)


@pytest.mark.parametrize("parse", [parse_html, parse_markdown_v2, parse_legacy_markdown])
@given(source=PIECES | ANYTHING)
def test_whatever_is_sent_is_refused_or_has_all_entities_inside_its_text(
    parse: Callable[[str], Marked], source: str
) -> None:
    """The stand-in may never break, and never gives out an offset that a library trips over."""
    found = Marked()
    with suppress(Refused):
        found = settled(parse(source))

    for each in found.entities:
        assert 0 <= each.offset < each.end <= units(found.text)


@given(PIECES)
def test_entities_nest_and_html_for_the_page_is_well_formed(source: str) -> None:
    """What Telegram keeps can be drawn: entities lie inside or beside one another."""
    found = Marked()
    with suppress(Refused):
        found = settled(parse_html(source))

    for one in found.entities:
        for other in found.entities:
            assert not one.offset < other.offset < one.end < other.end
    page = as_html(found)
    assert page.count("<") == page.count(">")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_the_library_escapes_always_parses(text: str) -> None:
    """The bot's own escaping is enough, for every text that there is."""
    escaped = escape_markdown(text, version=2)

    assert settled(parse_markdown_v2(escaped)) == settled(Marked(text))


@given(st.text(st.characters(codec="utf-8")))
def test_escaped_html_is_the_text_again(text: str) -> None:
    """The same for HTML, which the bot uses."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert parse_html(escaped).text == text


def test_hostile_text_is_only_text_on_the_page() -> None:
    """Whoever writes to the bot writes into somebody's browser."""
    words = settled(Marked('<img src=x onerror=alert(1)> & "b3.com.br/?a=<b>"'))

    page = as_html(words)

    assert page == (
        "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;"
        '<a href="https://b3.com.br/?a=" target="_blank" rel="noopener noreferrer nofollow">'
        "b3.com.br/?a=</a>&lt;b&gt;&quot;"
    )


def test_formatting_is_drawn_well_nested() -> None:
    """Cut pieces and overlaps end up as tags inside tags."""
    html = (
        "a@b3.com <b>a <i>b</i> <tg-spoiler>c</tg-spoiler></b> "
        '<blockquote expandable>d</blockquote><tg-emoji emoji-id="5">👍</tg-emoji>'
    )

    assert as_html(settled(parse_html(html))) == (
        '<a href="mailto:a@b3.com" target="_blank" rel="noopener noreferrer nofollow">a@b3.com</a> '
        '<b>a <i>b</i> <span class="spoiler">c</span></b> '
        '<blockquote class="expandable">d</blockquote>👍'
    )
