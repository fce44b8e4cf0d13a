"""Champion and challenger: who is published, who is kept, and what is left on the disk."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from typer.testing import CliRunner

from model.artifact import CARD, GRAPH, digest, load
from model.challenge import Decision, decided, published, sentence
from model.closes import Share
from model.commands import app
from model.errors import ArtifactCorrupted, NothingToScore
from tests.artifacts import make_tiny_artifact
from tests.random_shares import write_csv

CUT_OFF = "2015-06-30"


@dataclass(frozen=True, slots=True)
class Rival:
    """What tells a tiny artifact from another one.

    Attributes:
        version: in its card.
        until: the last day that it says it was trained on.
        shift: of all quantiles, as a fraction of the last close.
        width: of its bands, against those of the tiny artifact.
    """

    version: str
    until: str | None = CUT_OFF
    shift: float = 0.0
    width: float = 1.0


GOOD, SHIFTED, NARROW = Rival("good"), Rival("shifted", shift=0.01), Rival("narrow", width=0.5)


def make(rival: Rival, directory: Path) -> Path:
    """A tiny artifact with another graph and card."""
    make_tiny_artifact(directory)
    graph = onnx.load(directory / GRAPH)
    for constant in graph.graph.initializer:
        values = numpy_helper.to_array(constant)
        if constant.name == "drifts":
            changed = np.float32(1 + rival.shift) + 0 * values
        elif constant.name == "offsets":
            changed = values * np.float32(rival.width)
        else:
            continue
        constant.CopyFrom(numpy_helper.from_array(changed.astype(np.float32), constant.name))
    onnx.save(graph, directory / GRAPH)
    card = json.loads((directory / CARD).read_text(encoding="utf-8"))
    card["version"], card["files"][GRAPH] = rival.version, {"sha256": digest(directory / GRAPH)}
    card |= {"trained": {"until": rival.until}} if rival.until else {}
    (directory / CARD).write_text(json.dumps(card), encoding="utf-8")
    return directory


def trembling(ticker: str, sessions: int = 400, seed: int = 0) -> Share:
    """Closes around a level, so that all six steps move alike: a band of ±4 % holds 80 %."""
    closes = 20 * np.exp(np.random.default_rng(seed).normal(0, 0.0221, sessions))
    days = np.busday_offset("2015-01-01", np.arange(sessions), roll="forward")
    return Share(ticker, days, closes, np.full(sessions, np.nan), np.full(sessions, np.nan))


SHARES = [trembling(f"AAA{seed}3.SA", seed=seed) for seed in range(3)]


def decision(champion: Rival, challenger: Rival, folder: Path, shares: list[Share]) -> Decision:
    """What is decided about the two."""
    old, new = load(make(champion, folder / "old")), load(make(challenger, folder / "new"))
    return decided(old, new, shares)


def export(champion: Path, challenger: Path, closes: Path) -> tuple[int, str]:
    """Exit code and output of the command."""
    words = ["--champion", champion, "--challenger", challenger, "--closes", closes]
    result = CliRunner().invoke(app, ["export", *map(str, words)])
    return result.exit_code, result.output


@pytest.fixture
def closes(tmp_path: Path) -> Path:
    """A folder with three shares."""
    folder = tmp_path / "closes"
    folder.mkdir()
    for share in SHARES:
        write_csv(share, folder)
    return folder


def test_a_challenger_that_is_not_worse_takes_the_place(tmp_path: Path) -> None:
    """A tie goes to the challenger: it has seen newer closes."""
    one = decision(GOOD, Rival("newer", until="2015-12-31"), tmp_path, SHARES)

    assert (one.published, one.reasons, one.first) == (True, (), date(2016, 1, 1))
    assert [step.pinball_ratio for step in one.steps] == [1.0, 1.0]


def test_a_better_one_takes_the_place(tmp_path: Path) -> None:
    """What all this is for."""
    one = decision(SHIFTED, GOOD, tmp_path, SHARES)

    assert one.published
    assert all(step.surely_better(0.05) for step in one.steps)


def test_a_worse_one_is_kept_out_with_the_reason(tmp_path: Path) -> None:
    """Bands in the wrong place cost, though they hold as often as they say."""
    one = decision(GOOD, SHIFTED, tmp_path, SHARES)

    near, far = one.steps
    assert 0.75 < min(near.coverage80[1], far.coverage80[1]) < 0.85
    assert one.reasons == (
        f"step 1: {near.pinball_ratio:.4f} x the champion's pinball loss, p = {near.p_value:.2g}",
        f"step 6: {far.pinball_ratio:.4f} x the champion's pinball loss, p = {far.p_value:.2g}",
    )


def test_bands_that_do_not_hold_are_kept_out_even_if_the_champion_is_worse(tmp_path: Path) -> None:
    """A band called 80 % that holds half the time is a lie, whoever told a bigger one."""
    one = decision(Rival("older", width=0.2), NARROW, tmp_path, SHARES)

    held = [step.coverage80[1] for step in one.steps]
    assert all(step.surely_better(0.05) for step in one.steps)
    assert one.reasons == tuple(
        f"step {step}: its 80 % band holds {share:.1%}, 75% to 85% expected"
        for step, share in zip((1, 6), held, strict=True)
    )


@pytest.mark.parametrize("later", ["champion", "challenger"])
def test_only_closes_that_neither_has_seen_decide(later: str, tmp_path: Path) -> None:
    """Whoever was trained later would win on days that it has learnt by heart."""
    newer = Rival("newer", until="2015-12-31")
    pair = (newer, GOOD) if later == "champion" else (GOOD, newer)

    one = decision(*pair, tmp_path, SHARES)

    newest = SHARES[0].days[-1].item()
    known = int(np.searchsorted(SHARES[0].days, np.datetime64("2016-01-01")))
    assert (one.first, one.last) == (date(2016, 1, 1), newest)
    assert one.steps[0].n == 3 * (400 - known - 5)


@pytest.mark.parametrize(("unseen", "sessions"), [(0, 0), (5, 0), (24, 19)])
def test_without_enough_unseen_closes_nothing_is_decided(
    unseen: int, sessions: int, tmp_path: Path
) -> None:
    """Trained until today: nobody can know yet.  The last five sessions start no forecast."""
    until = str(SHARES[0].days[-1 - unseen])

    with pytest.raises(NothingToScore, match=rf"start on {sessions} sessions from .* is kept"):
        decision(GOOD, Rival("today", until=until), tmp_path, SHARES)


def test_one_month_of_unseen_closes_is_enough(tmp_path: Path) -> None:
    """The counterpart: twenty sessions decide."""
    until = str(SHARES[0].days[-1 - 25])

    assert decision(GOOD, Rival("new", until=until), tmp_path, SHARES).steps[0].sessions == 20


def test_a_card_that_hides_its_cut_off_is_refused(tmp_path: Path) -> None:
    """Anything could have been seen."""
    with pytest.raises(ArtifactCorrupted, match=r"the card of secret lacks trained\.until"):
        decision(GOOD, Rival("secret", until=None), tmp_path, SHARES)


def test_the_sentence_says_who_why_and_on_which_days(tmp_path: Path) -> None:
    """It is all that the log of a nightly job keeps."""
    old, new = (load(make(one, tmp_path / one.version)) for one in (GOOD, NARROW))
    one, even = decided(old, new, SHARES), decided(old, old, SHARES)

    span = f"(2015-07-01 to {SHARES[0].days[-1]}, {one.steps[0].n:,} forecasts a step)."
    kept = f"tiny good is kept, tiny narrow is refused: {'; '.join(one.reasons)} {span}"
    assert sentence(one, old, new) == kept
    near, far = (step.coverage80[1] for step in even.steps)
    taken = (
        "tiny narrow takes the place of tiny good: 1.0000 x its pinball loss at the first step and "
        f"1.0000 x at the last, 80 % bands holding {near:.1%} and {far:.1%} {span}"
    )
    assert sentence(even, old, new) == taken


def test_the_command_publishes_and_leaves_nothing_else_behind(closes: Path, tmp_path: Path) -> None:
    """The champion's folder is the challenger now, to the byte; the challenger stays."""
    old, new = make(SHIFTED, tmp_path / "site" / "old"), make(GOOD, tmp_path / "new")

    code, printed = export(old, new, closes)

    assert (code, printed.startswith("tiny good takes the place of tiny shifted")) == (0, True)
    assert load(old).card == load(new).card
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["old"]


def test_the_command_keeps_the_champion_with_exit_code_one(closes: Path, tmp_path: Path) -> None:
    """A nightly job sees it, and the bot goes on with what it had."""
    old, new = make(GOOD, tmp_path / "site" / "old"), make(SHIFTED, tmp_path / "new")

    code, printed = export(old, new, closes)

    assert (code, printed.startswith("tiny good is kept, tiny shifted is refused: step 1:")) == (
        1,
        True,
    )
    assert load(old).card["version"] == "good"


def test_the_command_says_that_it_lacks_closes(closes: Path, tmp_path: Path) -> None:
    """Exit code 1 and a sentence, champion untouched."""
    old, new = make(GOOD, tmp_path / "old"), make(Rival("today", "2030-01-01"), tmp_path / "new")

    code, printed = export(old, new, closes)

    assert (code, printed.startswith("NothingToScore: forecasts start on 0 sessions")) == (1, True)
    assert load(old).card["version"] == "good"


def test_a_challenger_that_arrives_broken_leaves_the_champion(tmp_path: Path) -> None:
    """Half a copy must never be served."""
    old, new = make(GOOD, tmp_path / "old"), make(SHIFTED, tmp_path / "new")
    (new / GRAPH).write_bytes(b"half a copy")

    with pytest.raises(ArtifactCorrupted):
        published(new, old)

    assert load(old).card["version"] == "good"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


def test_a_move_that_fails_brings_the_champion_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two moves there is no artifact; a failure must not leave it so."""
    old, new = make(GOOD, tmp_path / "old"), make(SHIFTED, tmp_path / "new")
    move = Path.rename

    def refusing(path: Path, target: Path) -> Path:
        if path.name == "artifact":
            raise OSError(28, "No space left on device")
        return move(path, target)

    monkeypatch.setattr(Path, "rename", refusing)

    with pytest.raises(OSError, match="No space left"):
        published(new, old)

    assert load(old).card["version"] == "good"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--run", "x"],
        ["--out", "x"],
        ["--challenger", "x", "--champion", "y"],
        ["--challenger", "x", "--closes", "."],
        ["--run", "x", "--out", "y", "--challenger", "z"],
    ],
)
def test_half_a_question_ends_with_two(words: list[str]) -> None:
    """A run is written out, or a challenger is weighed; nothing in between."""
    assert CliRunner().invoke(app, ["export", *words]).exit_code == 2
