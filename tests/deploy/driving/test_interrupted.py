"""Whatever moment a run is killed at, the next one finishes its work.

Against the rehearsed AWS: time passes there, unlike in moto, and goes on when a process dies.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.aws.clients import Clients
from deploy.refusals import StackFailed
from tests.artifacts import make_tiny_artifact
from tests.deploy.driving.deployer import Deployer
from tests.deploy.driving.rehearsed.front import Killed
from tests.deploy.driving.rehearsed.world import World

pytestmark = pytest.mark.slow  # thousands of calls

Run = Callable[[Deployer], object]

MOST_CALLS = 70
"""More than any run makes, so that some examples are not killed at all."""

kills = st.tuples(st.integers(1, MOST_CALLS), st.booleans())


@dataclass(frozen=True, slots=True)
class Story:
    """A run, and what was there before it."""

    begun: Callable[[], Deployer]
    run: Run

    def ends(self, *killed_at: tuple[int, bool]) -> tuple[Any, int]:
        """Facts after runs that were killed there and one that was not; and its number of calls."""
        deployer = self.begun()
        for call, after in killed_at:
            self._open_again(deployer, call, after=after)
            with suppress(Killed):
                self.run(deployer)
        self._open_again(deployer, 0, after=False)
        self.run(deployer)
        return deployer.world.facts(), deployer.world.front.calls

    def told_apart(self) -> list[tuple[int, bool]]:
        """The moments after which the next run does not come to the same end."""
        expected, calls = self.ends()
        moments = [(call, after) for call in range(1, calls + 1) for after in (False, True)]
        return [moment for moment in moments if self.ends(moment)[0] != expected]

    def _open_again(self, deployer: Deployer, call: int, *, after: bool) -> None:
        deployer.world.reopened()
        deployer.world.front.dies_at, deployer.world.front.after = call, after


@pytest.fixture(scope="session")
def stories(
    clients: Clients, tiny: Path, checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Story]:
    """What an operator runs, by name."""
    other = make_tiny_artifact(tmp_path_factory.mktemp("other") / "other")
    card = other / "card.json"
    card.write_text(card.read_text(encoding="utf-8").replace('"1"', '"2"'), encoding="utf-8")

    def new() -> Deployer:
        return Deployer(World(), clients, tiny, checkout)

    def deployed() -> Deployer:
        deployer = new()
        deployer.apply()
        deployer.artifact = other
        return deployer

    return {
        "first apply": Story(new, Deployer.apply),
        "apply of a new artifact": Story(deployed, Deployer.apply),
        "first plan": Story(new, Deployer.plan),
        "plan of a new artifact": Story(deployed, Deployer.plan),
        "destroy": Story(deployed, Deployer.destroy),
        "destroy with data": Story(deployed, lambda one: one.destroy(with_data=True)),
    }


@pytest.mark.parametrize(
    "name",
    [
        "first apply",
        "apply of a new artifact",
        "first plan",
        "plan of a new artifact",
        "destroy",
        "destroy with data",
    ],
)
def test_a_run_killed_at_any_moment_is_finished_by_the_next(
    stories: dict[str, Story], name: str
) -> None:
    """Before or after any answer of AWS, and at any wait: nobody has to clean up by hand."""
    assert stories[name].told_apart() == []


@settings(max_examples=50)
@given(killed_at=st.lists(kills, max_size=4))
def test_several_killed_runs_are_finished_as_well(
    stories: dict[str, Story], killed_at: list[tuple[int, bool]]
) -> None:
    """A run that mends the work of another can be killed too."""
    first = stories["first apply"]

    assert first.ends(*killed_at)[0] == first.ends()[0]


def test_an_interrupted_plan_is_no_obstacle_to_apply(stories: dict[str, Story]) -> None:
    """The stack that a plan leaves under review is not a stack."""
    whole = stories["first apply"].ends()[0]
    deployer = stories["first plan"].begun()
    deployer.world.front.dies_at = 4
    with pytest.raises(Killed):
        deployer.plan()
    under_review = deployer.world.facts()["stacks"]
    deployer.world.reopened()
    deployer.apply()

    assert [status for _, status, _, _ in under_review] == ["REVIEW_IN_PROGRESS"]
    assert deployer.world.facts() == whole


def test_a_run_killed_while_aws_undoes_a_creation_is_finished_by_the_next(
    stories: dict[str, Story],
) -> None:
    """The next one finds ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE or a deletion under way."""
    first = stories["first apply"]
    whole, calls = first.ends()
    wrong = []
    for call in range(1, calls + 1):
        deployer = first.begun()
        deployer.world.cloudformation.failing = {"ServingRepository": "it exists"}
        deployer.world.front.dies_at = call
        with suppress(Killed, StackFailed):
            deployer.apply()
        deployer.world.reopened()
        deployer.world.cloudformation.failing = {}
        deployer.apply()
        if deployer.world.facts() != whole:
            wrong.append(call)

    assert wrong == []


def test_a_killed_apply_is_no_obstacle_to_destroy(stories: dict[str, Story]) -> None:
    """At whatever moment of a first deployment its operator thinks better of it."""
    empty = World().facts()
    left = []
    for call in range(1, stories["first apply"].ends()[1] + 1):
        deployer = stories["first apply"].begun()
        deployer.world.front.dies_at = call
        with suppress(Killed):
            deployer.apply()
        deployer.world.reopened()
        deployer.destroy(with_data=True)
        if deployer.world.facts() | {"builds": 0} != empty:
            left.append(call)

    assert left == []
