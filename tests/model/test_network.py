"""The network before training, and what export makes of it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from model.artifact import SAVED_MODEL
from model.errors import Disagreement, RunMissing
from model.sample_windows import sample_windows
from model.split import Examples, Split, split
from tests.random_shares import random_share

if TYPE_CHECKING:
    from model.run import Record

pytestmark = [
    pytest.mark.slow,
    # tf2onnx and TensorFlow still use what newer Pythons have announced to drop; Keras saves its
    # variables by np.array(), and their __array__ does not know NumPy 2's `copy`.
    pytest.mark.filterwarnings(
        "default", "ignore:__array__ implementation doesn't:DeprecationWarning"
    ),
]

WINDOWS = sample_windows(64, np.random.default_rng(5))
LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)


@pytest.fixture
def network() -> Any:
    """An untrained network; TensorFlow is loaded by the tests that need it alone."""
    from model.train import new_network  # noqa: PLC0415 - see above

    return new_network(seed=3)


@pytest.fixture
def parts() -> Split:
    """A small pile of windows to learn from and another to validate on."""
    share = random_share("ITUB4.SA", 320)
    return split([share], share.days[-1].item())


def test_raw_windows_go_in_and_prices_of_six_steps_come_out(network: Any) -> None:
    """The shapes that the endpoint promises."""
    prices = network.predict(list(WINDOWS), verbose=0)

    assert prices.shape == (64, 6, 9)
    assert np.isfinite(prices).all()
    assert (np.diff(prices) >= 0).all()


def test_the_same_seed_gives_the_same_first_loss(parts: Split) -> None:
    """Without that no figure of an experiment means anything."""
    from model.train import epochs, new_network  # noqa: PLC0415

    losses = [next(epochs(new_network(seed), parts, seed, 2)) for seed in (7, 7, 8)]

    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_it_can_learn_eight_windows_by_heart(network: Any) -> None:
    """A graph that cannot overfit is not connected to its weights."""
    import keras  # noqa: PLC0415

    from model.network import pinball, trainable  # noqa: PLC0415

    windows = [prices[:8] for prices in WINDOWS]
    sizes = np.array([0.2, 3.0] * 4, np.float32)[:, None] * np.ones((8, 6), np.float32)
    learner = trainable(network)
    learner.compile(keras.optimizers.Adam(0.02), loss=pinball)
    before = learner.evaluate(windows, sizes, verbose=0)

    # The eight again and again in one epoch: Keras begins an epoch in forty milliseconds.
    often = [np.tile(prices, (400, 1)) for prices in windows]
    learner.fit(often, np.tile(sizes, (400, 1)), batch_size=8, shuffle=False, verbose=0)

    assert learner.evaluate(windows, sizes, verbose=0) < before / 2
    high = learner.predict(windows, verbose=0)[:, :, -1]
    assert high[1::2].min() > 2 * high[::2].max()


def test_training_ends_when_it_makes_things_worse(
    parts: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learning moves fifty times too wild, in great steps: what stays is the epoch before."""
    from model.train import epochs, new_network  # noqa: PLC0415

    monkeypatch.setattr("model.train._LEARNING_RATE", 0.05)
    wild = replace(parts, learnt=Examples(parts.learnt.inputs, parts.learnt.moves * 50))
    network = new_network(1)

    seen = list(epochs(network, wild, 1, 8, patience=2))

    assert len(seen) == 3
    assert validation_loss(network, parts) == pytest.approx(seen[0].validation_loss, rel=1e-5)


def test_the_newest_epoch_stays_while_none_is_worse(parts: Split) -> None:
    """Differences within the noise must not pick an early, unsteady epoch."""
    from model.train import epochs, new_network  # noqa: PLC0415

    network = new_network(1)

    seen = list(epochs(network, parts, 1, 3))

    losses = [epoch.validation_loss for epoch in seen]
    assert max(losses) < 1.01 * min(losses)
    assert validation_loss(network, parts) == pytest.approx(losses[-1], rel=1e-5)


def validation_loss(network: Any, parts: Split) -> float:
    """What the network's present weights lose on the validation span."""
    from model.network import pinball, trainable  # noqa: PLC0415
    from model.train import scaled_moves  # noqa: PLC0415

    learner = trainable(network)
    learner.compile(loss=pinball)
    moves = scaled_moves(network, parts.validated)
    return float(learner.evaluate(parts.validated.inputs, moves, verbose=0))


def test_calibrated_bands_hold_as_often_as_they_say(parts: Split) -> None:
    """The factors must arrive in the graph, in their places."""
    from model.network import forecaster  # noqa: PLC0415
    from model.train import calibrated, new_network  # noqa: PLC0415

    raw = new_network(2)
    network = forecaster(calibrated(raw, parts.validated))
    network.set_weights(raw.get_weights())

    prices = network.predict(parts.validated.inputs, verbose=0)

    actual = parts.validated.inputs[0][:, -1:] * np.exp(parts.validated.moves)
    held = ((prices[:, :, 2] <= actual) & (actual <= prices[:, :, 6])).mean(axis=0)
    np.testing.assert_allclose(held, 0.8, atol=0.03)


@pytest.fixture
def record(parts: Split) -> "Record":
    """A record of a training run that was not long."""
    from model.network import UNCALIBRATED  # noqa: PLC0415
    from model.run import finished  # noqa: PLC0415
    from model.train import Epoch  # noqa: PLC0415

    day = parts.last
    return finished(parts, day, 3, (Epoch(0.2, 0.3), Epoch(0.1, 0.2)), 1.1 * UNCALIBRATED)


def test_a_run_is_read_as_it_was_written(network: Any, record: "Record", tmp_path: Path) -> None:
    """Publishing happens later, in another process."""
    from model.network import forecaster  # noqa: PLC0415
    from model.run import read_run, write_run  # noqa: PLC0415

    write_run(tmp_path / "run", network, record)

    again, read = read_run(tmp_path / "run")

    calibrated = forecaster(record.factors())
    calibrated.set_weights(network.get_weights())
    assert read == record
    np.testing.assert_array_equal(
        again.predict(list(WINDOWS), verbose=0), calibrated.predict(list(WINDOWS), verbose=0)
    )


@pytest.mark.parametrize("content", [None, "{", "{}", '{"epochs": []}'])
def test_an_unfinished_run_is_refused(tmp_path: Path, content: str | None) -> None:
    """A run that was interrupted has no record, and nothing of it may be published."""
    from model.run import RECORD, read_run  # noqa: PLC0415

    if content is not None:
        (tmp_path / RECORD).write_text(content, encoding="utf-8")

    with pytest.raises(RunMissing, match="no finished training run in"):
        read_run(tmp_path)


def test_all_three_graphs_answer_alike(network: Any, record: "Record", tmp_path: Path) -> None:
    """Laptop, container and AWS's TensorFlow image must say the same price."""
    import tensorflow as tf  # noqa: PLC0415

    from model.export import SIGNATURE, export  # noqa: PLC0415

    artifact = export((network, record), 4, tmp_path / "artifact", WINDOWS)

    expected = network.predict(list(WINDOWS), verbose=0)
    served = tf.saved_model.load(str(tmp_path / "artifact" / SAVED_MODEL)).signatures
    closes, highs, lows = map(tf.constant, WINDOWS)
    saved = served["serving_default"](closes=closes, highs=highs, lows=lows)
    alone = served["closes_only"](closes=closes)
    np.testing.assert_allclose(artifact.quantiles(*WINDOWS), expected, rtol=1e-5)
    for name, level in SIGNATURE.items():
        column = LEVELS.index(level)
        np.testing.assert_allclose(saved[name], expected[:, :, column], rtol=1e-5)
        np.testing.assert_allclose(
            alone[name], artifact.quantiles(WINDOWS[0])[:, :, column], rtol=1e-5
        )
    assert artifact.card["version"] == f"{record.until}.4"
    assert artifact.card["metrics"] is None


def test_an_artifact_is_replaced_whole(network: Any, record: "Record", tmp_path: Path) -> None:
    """What an older publication left behind must not be vouched for by a newer card."""
    from model.export import export  # noqa: PLC0415

    (tmp_path / "artifact").mkdir()
    (tmp_path / "artifact" / "older").write_text("", encoding="utf-8")

    export((network, record), 1, tmp_path / "artifact", WINDOWS)

    assert sorted(path.name for path in (tmp_path / "artifact").iterdir()) == [
        "card.json",
        "model.onnx",
        "saved_model",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["artifact"]


def test_graphs_that_disagree_are_not_published(
    network: Any, record: "Record", tmp_path: Path
) -> None:
    """A window that none of them can forecast makes the comparison fail, and nothing is left."""
    from model.export import export  # noqa: PLC0415

    hostile = WINDOWS[0].copy()
    hostile[0, 3] = -1.0

    with pytest.raises(Disagreement, match="differ from Keras by more than 1e-05"):
        export((network, record), 1, tmp_path / "artifact", (hostile, *WINDOWS[1:]))

    assert list(tmp_path.iterdir()) == []


def test_the_difference_is_relative_and_notices_what_is_no_number() -> None:
    """A thousandth of a real matters on a share of one real and not on one of a thousand."""
    from model.export import difference  # noqa: PLC0415

    expected = np.array([1.0, 1000.0], np.float32)
    answers = ([1.0, 1000.0], [1.0, 1001.0], [np.nan, 1000.0])

    assert [difference(np.array(a, np.float32), expected) for a in answers] == pytest.approx(
        [0.0, 1e-3, np.inf]
    )
