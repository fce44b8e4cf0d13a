"""The page: what it says, and that it stays a page whatever it has to say."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.wording.page
from bot.wording.page.shell import Frame, sorry, unbroken
from tests.wording.page_golden import FOLDER, lines, pages

PAGES = pages()
VOID = frozenset(("meta", "link", "input"))
STYLE = Path(bot.wording.page.__file__).with_name("style.css").read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Checks that tags close in order, and collects what they carry."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.carried: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag and its attributes."""
        self.tags.append(tag)
        self.carried += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag that closes itself."""
        self.tags.append(tag)
        self.carried += attrs

    def handle_endtag(self, tag: str) -> None:
        """The tag that was opened last must close first."""
        assert self.open.pop() == tag


def outlined(html: str) -> Outline:
    """The outline of a page, which must be closed at its end."""
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    return outline


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_its_file_says(name: str) -> None:
    """`python -m tests.wording.page_golden` writes them; somebody reads the difference."""
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert "\n".join(lines(PAGES[name])) + "\n" == kept


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_and_fetches_nothing(name: str) -> None:
    """Its policy forbids it; then nothing of it may depend on scripts or inline styles."""
    outline = outlined(PAGES[name])
    names = {carried for carried, _ in outline.carried}

    assert set(outline.tags) & {"script", "img", "iframe", "object"} == set()
    assert {one for one in names if one == "style" or one.startswith("on")} == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_class_of_a_page_has_its_style(name: str) -> None:
    """A class that was renamed in one place only shows as black on black."""
    classes = {
        one
        for carried, text in outlined(PAGES[name]).carried
        if carried == "class"
        for one in (text or "").split()
    }

    assert {one for one in classes if not re.search(rf"\.{one}\b", STYLE)} - UNSTYLED == set()


UNSTYLED = {"today", "remarks", "begin", "narrow", "key-last", "tag", "scores", "fan", "shape"}
"""Names that structure a page without a look of their own at this moment."""


@given(heading=st.text(max_size=30), sentence=st.text(max_size=200))
def test_whatever_a_refusal_says_it_stays_text(heading: str, sentence: str) -> None:
    """What was typed comes back in it."""
    html = sorry(heading, sentence, Frame(""))

    assert outlined(html).tags == outlined(sorry("", "", Frame(""))).tags


@given(share=st.text(max_size=30))
def test_whatever_stands_in_the_form_stays_there(share: str) -> None:
    """A quotation mark must not end the attribute."""
    outline = outlined(sorry("", "", Frame("", share=share)))
    values = [text for name, text in outline.carried if name == "value"]

    assert values == [share]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("R$ 1,00 e 2 %", "R$\u00a01,00 e 2\u00a0%"), ("nada", "nada")],
)
def test_an_amount_stays_on_one_line_with_its_sign(text: str, kept: str) -> None:
    """A line that ends in R$ reads badly."""
    assert unbroken(text) == kept


def _looks() -> Iterator[str]:
    return iter(re.findall(r"--([a-z0-9-]+):", STYLE.partition("@media")[0]))


def test_the_dark_page_has_a_colour_for_each_of_the_light_one() -> None:
    """One that was forgotten would stay bright at night."""
    dark = STYLE.partition("prefers-color-scheme: dark")[2].partition("\n}\n")[0]

    assert sorted(re.findall(r"--([a-z0-9-]+):", dark)) == sorted(_looks())
