"""What `POST /invocations` accepts, and how each fault is named."""

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.serving_instances import RequestRefused, read_windows

CLOSES = [30 + day / 10 for day in range(60)]
HIGHS = [close + 0.5 for close in CLOSES]
LOWS = [close - 0.5 for close in CLOSES]

Instance = dict[str, Any]


def refusal(request: Any) -> str:
    """The sentence that `request`, JSON or what to make it of, is refused with."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    with pytest.raises(RequestRefused) as refused:
        read_windows(body)
    assert refused.value.status == 400
    return str(refused.value)


def changed(place: str, value: Any) -> Instance:
    """A good instance with one thing replaced: `highs.3` is the fourth high."""
    instance: Instance = {"closes": CLOSES[:], "highs": HIGHS[:], "lows": LOWS[:]}
    key, _, at = place.partition(".")
    if at:
        instance[key][int(at)] = value
    else:
        instance[key] = value
    return instance


@given(lasts=st.lists(st.floats(0.01, 10_000), min_size=1, max_size=40))
def test_predictions_come_in_the_order_of_the_instances(lasts: list[float]) -> None:
    """A swapped answer would be a wrong price for two shares, and nobody could see it."""
    request = {"instances": [{"closes": [1.0] * 59 + [last]} for last in lasts]}
    windows = read_windows(json.dumps(request).encode())

    np.testing.assert_array_equal(windows.closes[:, -1], np.array(lasts, np.float32))


def test_a_thousand_instances_are_read_and_one_more_is_refused() -> None:
    """The limit keeps the time of one call within what SageMaker allows."""
    thousand = [{"closes": CLOSES}] * 1000
    told = "instances: 1,001 values, 1 to 1,000 expected"

    assert read_windows(json.dumps({"instances": thousand}).encode()).closes.shape == (1000, 60)
    assert refusal({"instances": [*thousand, thousand[0]]}) == told


LIST = "a list of 60 numbers expected"
RANGE = "a price from 1e-30 to 1e+30 expected"


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("closes", CLOSES[1:], "closes: 59 values, 60 expected"),
        ("closes", [*CLOSES, 36.0], "closes: 61 values, 60 expected"),
        ("closes", [36.0], "closes: 1 value, 60 expected"),
        ("closes", [], "closes: 0 values, 60 expected"),
        ("closes", "36.0", f'closes: "36.0", {LIST}'),
        ("closes", None, f"closes: null, {LIST}"),
        ("closes", {"0": 1}, f"closes: an object, {LIST}"),
        ("closes.7", True, "closes[7]: true, a number expected"),
        ("closes.7", "36.1", 'closes[7]: "36.1", a number expected'),
        ("closes.7", None, "closes[7]: null, a number expected"),
        ("closes.7", [36.1], "closes[7]: a list, a number expected"),
        ("closes.7", 0, f"closes[7]: 0, {RANGE}"),
        ("closes.59", -36.1, f"closes[59]: -36.1, {RANGE}"),
        ("closes.0", 1e31, f"closes[0]: 1e+31, {RANGE}"),
        ("lows.0", 0.0, f"lows[0]: 0, {RANGE}"),
        ("highs", HIGHS[1:], "highs: 59 values, 60 expected"),
        ("highs", None, f"highs: null, {LIST}"),
        ("lows.59", False, "lows[59]: false, a number expected"),
        ("highs.12", 3.5, "highs[12]: 3.5, at least lows[12] = 30.7 expected"),
        ("volumes", CLOSES, "volumes: unknown key"),
        ("x" * 99, 1, f"{'x' * 40}: unknown key"),
    ],
)
def test_a_fault_in_an_instance_is_named_by_its_place(
    place: str, value: Any, sentence: str
) -> None:
    """Whoever sends a thousand instances must not have to search for the wrong one."""
    request = {"instances": [{"closes": CLOSES}] * 3 + [changed(place, value)]}

    assert refusal(request) == f"instances[3].{sentence}"


@pytest.mark.parametrize("key", ["highs", "lows"])
def test_highs_without_lows_are_refused(key: str) -> None:
    """Half of the ranges is a mistake of the caller, not a shorter question."""
    instance = changed("closes", CLOSES)
    del instance[key]

    assert refusal({"instances": [instance]}) == f"instances[0].{key}: missing, {LIST}"


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_word_for_is_refused_with_its_place(literal: str) -> None:
    """Python writes NaN into JSON without a murmur: the caller needs to know where it came from."""
    body = json.dumps({"instances": [changed("closes.7", float(literal))]}).encode()

    assert refusal(body) == f'instances[0].closes[7]: "{literal}", a number expected'


@pytest.mark.parametrize("literal", ["1e400", "9" * 400])
def test_a_number_beyond_all_floats_is_refused_with_its_place(literal: str) -> None:
    """It would overflow inside; the sender hears of it like of any other wrong price."""
    body = (
        json.dumps({"instances": [changed("closes.7", 8.125)]}).replace("8.125", literal).encode()
    )

    assert refusal(body) == f"instances[0].closes[7]: inf, {RANGE}"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ([], "body: a list, an object with instances expected"),
        (36.1, "body: 36.1, an object with instances expected"),
        ({}, "instances: missing, a list expected"),
        ({"instances": CLOSES[0]}, "instances: 30.0, a list expected"),
        ({"instances": []}, "instances: 0 values, 1 to 1,000 expected"),
        ({"instances": [CLOSES]}, "instances[0]: a list, an object expected"),
        ({"instances": [{}]}, f"instances[0].closes: missing, {LIST}"),
        ({"instances": [], "signature_name": "x"}, "signature_name: unknown key"),
    ],
)
def test_a_fault_around_the_instances_is_named(request_: Any, sentence: str) -> None:
    """The same for the outer shape of the request."""
    assert refusal(request_) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "body: not JSON, Expecting value: line 1 column 1 (char 0)"),
        (b'{"instances": [', "body: not JSON, Expecting value: line 1 column 16 (char 15)"),
        (b"[" * 100_000, "body: not JSON, maximum recursion depth exceeded"),
    ],
)
def test_what_is_no_json_is_refused(body: bytes, sentence: str) -> None:
    """Also when it is nested so deeply that reading it would end the process."""
    assert refusal(body).startswith(sentence)


def test_half_a_surrogate_pair_is_told_back_in_a_form_that_can_be_sent() -> None:
    """JSON can spell characters that UTF-8 cannot; echoing them must not turn 400 into 500."""
    assert refusal(b'{"\\ud800": NaN}') == "\\ud800: unknown key"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("instances"), inner),
)


@given(request=ANYTHING)
def test_whatever_json_is_sent_it_is_refused_in_words(request: Any) -> None:
    """An exception other than a refusal would be a 500 that somebody has to look into."""
    with pytest.raises(RequestRefused, match=r"(?s)^(body|instances|.*: unknown key)"):
        read_windows(json.dumps(request).encode())


@given(at=st.integers(0, 59), index=st.integers(0, 4), key=st.sampled_from(["closes", "lows"]))
def test_the_place_of_a_wrong_price_is_exact(at: int, index: int, key: str) -> None:
    """The vectorised check must not lose where it was."""
    instances = [copy.deepcopy(changed("closes", CLOSES)) for _ in range(5)]
    instances[index][key][at] = 0

    assert refusal({"instances": instances}) == f"instances[{index}].{key}[{at}]: 0, {RANGE}"
