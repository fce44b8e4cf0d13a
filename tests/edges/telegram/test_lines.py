"""In which order those who wait have their turn."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.edges.telegram.lines import Lines


def waiting(text: str, turns: int = 2) -> Lines[str, str]:
    """A1 B1 … wait, each in the line of its letter."""
    lines: Lines[str, str] = Lines(turns)
    for item in text.split():
        lines.add(item[0], item)
    return lines


def begun(lines: Lines[str, str]) -> list[str]:
    """Everybody who has a turn, in order."""
    return [lines.next() for _ in iter(lambda: lines.ready, 0)]


def test_whoever_came_first_is_next() -> None:
    """As long as nobody has too many turns, it is one queue."""
    assert begun(waiting("A1 B1 A2 C1 B2")) == ["A1", "B1", "A2", "C1", "B2"]


def test_a_long_line_waits_behind_its_own_turns() -> None:
    """A flood delays whoever sent it, and not the one who wrote after it."""
    lines = waiting("A1 A2 A3 A4 B1")
    first = begun(lines)
    lines.ended("A")

    assert (first, begun(lines)) == (["A1", "A2", "B1"], ["A3"])


def test_those_sent_away_wait_no_longer() -> None:
    """What is under way stays so; it ends by itself."""
    lines = waiting("A1 A2 A3 B1", turns=1)
    lines.next()

    assert (lines.clear(), len(lines), lines.ready, lines.under_way) == (
        ["A2", "A3", "B1"],
        0,
        0,
        1,
    )


@given(st.lists(st.sampled_from("ABC+-"), max_size=80), st.integers(1, 3))
def test_everybody_has_one_turn_and_no_line_too_many(deeds: list[str], turns: int) -> None:
    """Whatever comes between: nobody is forgotten, nobody is served twice, order is kept."""
    lines: Lines[str, str] = Lines(turns)
    came, went, under_way = list[str](), list[str](), list[str]()

    def begin() -> None:
        went.append(item := lines.next())
        under_way.append(item[0])
        assert max(Counter(under_way).values()) <= turns

    for deed in deeds:
        if deed == "+" and lines.ready:
            begin()
        elif deed == "-" and under_way:
            lines.ended(under_way.pop(0))
        elif deed.isalpha():
            lines.add(deed, came_now := f"{deed}{len(came)}")
            came.append(came_now)
        assert (len(lines), lines.under_way) == (len(came) - len(went), len(under_way))
    while lines.ready or under_way:
        if lines.ready:
            begin()
        else:
            lines.ended(under_way.pop(0))

    assert sorted(went) == sorted(came)
    for letter in "ABC":
        assert [x for x in went if x[0] == letter] == [x for x in came if x[0] == letter]
