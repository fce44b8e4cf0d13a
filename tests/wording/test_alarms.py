"""Messages about alarms: the rules that hold for all of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alarms import (
    Alarm,
    AnomalyBand,
    Child,
    Composite,
    Evidence,
    Expression,
    Metric,
    Rule,
    Series,
    State,
    Text,
    read,
)
from bot.wording.alarms import alarm_message, resolved, text_message
from bot.wording.alarms.messages import LONGEST
from bot.wording.alarms.shortening import CUT, length, one_line, some_lines
from bot.wording.markup import plain, telegram_length
from deploy.local.telegram.formatting.html_markup import parse_html
from tests.wording.alarm_golden import alarm
from tests.wording.alarm_scenes import BACK, CPU, METRIC, SCENES, notification
from tests.wording.alarm_spoiling import spoilt

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
hostile = st.sampled_from(
    ["<b>", "</b>&amp;", "x" * 5_000, "🔴" * 3_000, "\u202eabc", "\0", "\n" * 50, "a\nb" * 2_000]
)
words = anything | hostile
numbers = st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
few = st.integers(1, 10**6)
pairs = st.lists(st.tuples(words, words), max_size=40).map(tuple)
series = st.builds(
    Series,
    *(st.none() | words for _ in range(2)),
    pairs,
    st.none() | words | st.sampled_from(["Average", "SampleCount", "p99"]),
    st.none() | few,
    st.none() | words | st.sampled_from(["Bytes", "Bytes/Second", "Percent", "Seconds"]),
)
rules = st.builds(
    Rule,
    st.none() | words | st.sampled_from(["GreaterThanThreshold", "LessThanOrEqualToThreshold"]),
    st.none() | numbers,
    st.none() | few,
    st.none() | few,
    st.none() | st.sampled_from(["missing", "breaching", "notBreaching", "ignore"]),
)
children = st.lists(
    st.builds(Child, words.filter(bool), st.none() | words, st.none() | moments), max_size=20
)
conditions = st.one_of(
    st.none(),
    st.builds(Metric, series, rules),
    st.builds(
        Expression,
        words,
        st.none() | words,
        st.lists(series, max_size=5).map(tuple),
        st.none() | few,
        rules,
    ),
    st.builds(
        AnomalyBand,
        st.none() | series,
        words,
        st.none() | numbers,
        st.none() | numbers,
        rules,
    ),
    st.builds(Composite, st.none() | words, children.map(tuple)),
)
evidences = st.builds(
    Evidence,
    st.lists(numbers, max_size=4).map(tuple),
    st.none() | numbers,
    st.none() | numbers,
    st.none() | few,
    st.none() | st.tuples(few, few),
)
states = st.sampled_from(State) | words
alarms = st.builds(
    Alarm,
    words,
    states,
    st.none() | states,
    st.none() | words,
    st.none() | moments,
    st.none() | words,
    st.none() | words,
    st.none() | words,
    conditions,
    evidences,
    st.none() | words,
    st.just(()),
    pairs,
    pairs,
)


def valid(message: str) -> str:
    """The message as it reads, after Telegram's own strict reading."""
    return parse_html(message).text


@given(alarms)
def test_every_alarm_makes_a_message_that_telegram_takes(alarm: Alarm) -> None:
    """A message that is refused is an alarm that nobody hears."""
    message = alarm_message(alarm)

    assert valid(message) == plain(message)
    assert 0 < telegram_length(message) <= LONGEST


@given(alarms, st.none() | st.timedeltas(timedelta(0), timedelta(days=10_000)))
def test_every_alarm_can_be_over(alarm: Alarm, lasted: timedelta | None) -> None:
    """The good news must not be lost either."""
    message = resolved(alarm, lasted)

    assert valid(message) == plain(message)
    assert "voltou ao normal" in message
    assert telegram_length(message) <= LONGEST


@given(words, st.none() | words)
def test_every_text_makes_a_message_that_telegram_takes(body: str, subject: str | None) -> None:
    """Anybody may publish to the topic, in any shape."""
    message = text_message(Text(subject, body))

    assert valid(message) == plain(message)
    assert message.strip()
    assert telegram_length(message) <= LONGEST


@given(
    st.recursive(
        st.none() | st.booleans() | numbers | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=20,
    )
)
def test_every_json_makes_a_message_that_telegram_takes(value: Any) -> None:
    """What looks like an alarm and is none is still read by somebody."""
    found = read(json.dumps(value), "assunto")
    message = alarm_message(found) if isinstance(found, Alarm) else text_message(found)

    assert valid(message) == plain(message)
    assert telegram_length(message) <= LONGEST


@given(spoilt())
def test_an_odd_alarm_makes_a_message_that_telegram_takes(message: str) -> None:
    """One strange value must not cost an alarm."""
    found = read(message, None)
    said = alarm_message(found) if isinstance(found, Alarm) else text_message(found)

    assert valid(said) == plain(said)
    assert telegram_length(said) <= LONGEST


@pytest.mark.parametrize("levels", [12, 200, 1_500])
def test_json_nested_beyond_sense_is_shown_as_it_came(levels: int) -> None:
    """Set out in lines it would be nothing but indentation, and more than memory holds."""
    body = '{"a": ' + "[" * levels + "]" * levels + "}"

    assert text_message(Text(None, body)) == body.replace('"', "&quot;")


def test_a_long_text_ends_with_a_whole_line_and_says_so() -> None:
    """Half a line may mean the opposite of the whole."""
    lines = [f"linha {number}" for number in range(1_000)]
    shown = text_message(Text(None, "\n".join(lines))).splitlines()

    assert shown[-1] == CUT
    assert shown[:-1] == lines[: len(shown) - 1]
    assert len(shown) > 300


@pytest.mark.parametrize(
    ("text", "units", "line"),
    [
        ("um\ndois\ttrês  quatro", 30, "um dois três quatro"),
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("🔴🔴🔴", 6, "🔴🔴🔴"),
        ("🔴🔴🔴🔴", 6, "🔴🔴…"),
        ("ab\u202ecd\0", 10, "ab cd"),
        ("", 5, ""),
    ],
)
def test_a_line_is_cut_where_no_sign_is_cut_in_two(text: str, units: int, line: str) -> None:
    """Telegram counts UTF-16 units, and half an emoji makes it refuse the message."""
    assert one_line(text, units) == line


@given(st.text(), st.integers(20, 200))
def test_what_is_shortened_fits(text: str, units: int) -> None:
    """The lengths of a message's lines add up to less than a message holds."""
    assert length(one_line(text, units)) <= units
    assert length(some_lines(text, units)) <= units


def test_a_value_never_reads_like_the_limit_that_it_broke() -> None:
    """`ficou em 99,99 % (limite: abaixo de 99,99 %)` says nothing."""
    broken = notification(
        "disponibilidade",
        "Threshold Crossed: 1 datapoint [99.98996 (29/07/26 14:37:00)] was less than the "
        "threshold (99.99).",
        Trigger=CPU | {"Threshold": 99.99, "ComparisonOperator": "LessThanThreshold"},
    )

    assert "ficou em 99,98996 % (limite: abaixo de 99,99 %" in alarm_message(alarm(broken))


def test_in_alarm_the_value_that_broke_the_limit_is_told() -> None:
    """With two of three periods the newest value may be a good one."""
    found = alarm(METRIC)
    mixed = replace(found, evidence=Evidence(values=(70.0, 91.0, 95.0)))

    assert "ficou em 91 % (" in alarm_message(mixed)


def test_back_to_normal_the_newest_value_is_told() -> None:
    """What it is now matters, not what it was."""
    found = replace(alarm(BACK), evidence=Evidence(values=(70.0, 91.0)))

    assert "voltou a 70 % (" in alarm_message(found)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Statistic": "SUM"}, "CPUUtilization soma em 5 min ficou em 93,1 %"),
        ({"Statistic": "MINIMUM"}, "CPUUtilization mínimo em 5 min ficou em 93,1 %"),
        (
            {"Statistic": "SampleCount"},
            "CPUUtilization contagem de amostras em 5 min ficou em 93,1 (",
        ),
        ({"Statistic": "IQM"}, "CPUUtilization média interquartil em 5 min"),
        ({"Statistic": "tm99"}, "CPUUtilization tm99 em 5 min"),
        ({"Statistic": None}, "CPUUtilization em 5 min"),
        ({"Period": 86400}, "em 1 dia ficou"),
        ({"Period": 172800}, "em 2 dias ficou"),
        ({"Period": 3600}, "em 1 h ficou"),
        ({"Period": 90}, "em 90 s ficou"),
        ({"Period": None}, "CPUUtilization média ficou"),
        ({"ComparisonOperator": "GreaterThanOrEqualToThreshold"}, "limite: igual ou acima de 80 %"),
        ({"ComparisonOperator": "LessThanOrEqualToThreshold"}, "limite: igual ou abaixo de 80 %"),
        ({"ComparisonOperator": "Novo"}, "limite: Novo 80 %"),
        ({"EvaluationPeriods": 1, "DatapointsToAlarm": None}, ", 1 de 1 período)"),
        ({"EvaluationPeriods": 5, "DatapointsToAlarm": 2}, ", 2 de 5 períodos)"),
        ({"EvaluationPeriods": 5, "DatapointsToAlarm": None}, ", 5 de 5 períodos)"),
        ({"Unit": "Milliseconds"}, "ficou em 93,1 ms (limite: acima de 80 ms"),
        ({"Unit": "Seconds"}, "ficou em 93,1 s (limite: acima de 80 s"),
        ({"Unit": "Kilobytes/Second"}, "ficou em 93,1 kB/s (limite: acima de 80 kB/s"),
        ({"Unit": "Count"}, "ficou em 93,1 (limite: acima de 80,"),
        ({"Unit": "Count/Second"}, "ficou em 93,1/s (limite: acima de 80/s"),
        ({"Unit": "None"}, "ficou em 93,1 % (limite: acima de 80 %"),
        ({"Namespace": "Fechamento"}, "ficou em 93,1 (limite: acima de 80,"),
    ],
)
def test_each_word_of_cloudwatch_has_its_portuguese(changes: dict[str, Any], said: str) -> None:
    """Operators read one language, also at night."""
    assert said in alarm_message(alarm(METRIC | {"Trigger": CPU | changes}))


@pytest.mark.parametrize(
    ("comparison", "said"),
    [
        ("GreaterThanUpperThreshold", "limite: acima da faixa esperada"),
        ("LessThanLowerThreshold", "limite: abaixo da faixa esperada"),
        ("LessThanLowerOrGreaterThanUpperThreshold", "limite: fora da faixa esperada"),
        (None, "limite: fora da faixa esperada"),
    ],
)
def test_a_band_without_bounds_says_which_side_counts(comparison: str | None, said: str) -> None:
    """A message with the state set by hand knows no bounds."""
    band = AnomalyBand(
        Series(name="Pedidos"), "ANOMALY_DETECTION_BAND(m1)", None, None, Rule(comparison)
    )
    message = alarm_message(Alarm("a", State.ALARM, condition=band))

    assert message.splitlines()[1] == f"Este alarme vigia Pedidos ({said})."


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (None, 44.5, "faixa esperada: até 44,5"),
        (12.0, None, "faixa esperada: a partir de 12"),
        (12.0, 44.5, "faixa esperada: 12 a 44,5"),
    ],
)
def test_a_band_s_bounds_are_told(lower: float | None, upper: float | None, said: str) -> None:
    """They differ from hour to hour, so nobody knows them by heart."""
    band = AnomalyBand(Series(name="Pedidos"), "ANOMALY_DETECTION_BAND(m1)", lower, upper, Rule())
    found = Alarm("a", State.ALARM, condition=band, evidence=Evidence(values=(3.0,)))

    assert alarm_message(found).splitlines()[1] == f"Pedidos ficou em 3 ({said})."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.ALARM, "O limite do alarme foi ultrapassado; a mensagem não diz qual."),
        (State.OK, "Tudo de volta ao normal; a mensagem não diz o que é vigiado."),
        (State.INSUFFICIENT_DATA, "Faltam dados para avaliar o alarme."),
        ("", "A mensagem não diz o que mudou."),
    ],
)
def test_an_alarm_that_says_nothing_says_so(state: str, said: str) -> None:
    """A sentence about nothing would be an invention."""
    assert alarm_message(Alarm("a", state)).splitlines()[1:] == [said]


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("MUTED", "❔ <b>Em estado desconhecido (MUTED): a</b>"),
        ("", "❔ <b>Em estado desconhecido: a</b>"),
        (State.OK, "🟢 <b>Normal: a</b>"),
    ],
)
def test_a_state_of_the_future_is_shown_as_it_is(state: str, heading: str) -> None:
    """Better a strange word than the wrong colour."""
    assert alarm_message(Alarm("a", state)).splitlines()[0] == heading


def test_an_alarm_without_name_is_no_blank() -> None:
    """Something must stand where the eye looks for the name."""
    assert alarm_message(Alarm("", State.OK)).startswith("🟢 <b>Normal: alarme sem nome</b>")


def test_many_children_are_counted_instead_of_named() -> None:
    """A composite alarm may look at a hundred others."""
    found = Composite(None, tuple(Child(f"a{number}", None, None) for number in range(8)))
    message = alarm_message(Alarm("a", State.ALARM, condition=found))

    assert message.splitlines()[1] == (
        "Alarme composto; mudou com “a0”, “a1”, “a2”, “a3”, “a4” e mais 3."
    )


def test_a_composite_alarm_without_children_says_its_state() -> None:
    """As when its state was set by hand."""
    message = alarm_message(Alarm("a", State.OK, condition=Composite("ALARM(b)", ())))

    assert message.splitlines()[1:] == [
        "Alarme composto, agora normal.",
        "Regra: “b” em alarme.",
    ]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("ALARM(a) AND NOT OK( b )", "“a” em alarme e não “b” normal"),
        ('INSUFFICIENT_DATA("a (OR) b") OR FALSE', "“a (OR) b” sem dados suficientes ou nunca"),
        ("AT_LEAST(2, ALARM, (a, b))", "AT_LEAST(2, ALARM, (a, b))"),
        ("NOTHING(ORDER)", "NOTHING(ORDER)"),
    ],
)
def test_a_rule_is_told_in_words(rule: str, said: str) -> None:
    """Names with operators in them stay names."""
    message = alarm_message(Alarm("a", State.OK, condition=Composite(rule, ())))

    assert message.splitlines()[2] == f"Regra: {said}."


@pytest.mark.parametrize("name", SCENES)
def test_no_message_shows_the_machine(name: str) -> None:
    """No None, no braces, no English sentence that ours has already told."""
    message = alarm_message(alarm(SCENES[name]))

    assert "None" not in message
    assert "{" not in message
    assert "Threshold Crossed" not in message
