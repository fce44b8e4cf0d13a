"""An operator's process in the rehearsed AWS: applies, plans and destroys until it is killed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from deploy import checking
from deploy.applying import Applied, Asked, Deployment
from deploy.artifacts import archives
from deploy.aws.account import Account, account
from deploy.aws.clients import Clients
from deploy.aws.failures import spoken
from deploy.aws.stack_facts import Change, Event
from deploy.destroying import Left, Removal
from deploy.planning import Planned, planned
from deploy.stack.options import Options
from tests.deploy.driving.rehearsed.stores import NOW
from tests.deploy.driving.rehearsed.world import World, bands

REGION = "sa-east-1"
TOKEN = "123:token-of-the-tests"


@dataclass(slots=True)
class Notes:
    """Remembers what an operator was told."""

    steps: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def step(self, sentence: str) -> None:
        """A step."""
        self.steps.append(sentence)

    def event(self, event: Event) -> None:
        """An event."""
        self.events.append(event)


@dataclass(slots=True)
class Deployer:
    """Does what an operator does, with one artifact and one checkout.

    Attributes:
        agreed: the operator's answer before something that holds data is ended.
    """

    world: World
    clients: Clients
    artifact: Path
    checkout: Path
    options: Options = field(default_factory=Options)
    notes: Notes = field(default_factory=Notes)
    agreed: Callable[[list[Change]], bool] = lambda _: True

    def apply(self) -> Applied:
        """`apply`, with an endpoint that answers as the artifact does."""
        window = checking.one_window()
        self.world.runtime.answer = bands(checking.expected(self.artifact, window))
        with self.world.front.behind(self.clients), spoken(REGION):
            asked = Asked(lambda: TOKEN, self.agreed)
            deployment = Deployment(self._account(), self.options, self.notes, asked, self._now)
            return deployment.apply(self.artifact, self.checkout)

    def plan(self) -> Planned:
        """`plan`."""
        packed = archives(self.artifact, self.options.serving, self.checkout)
        wanted = replace(self.options, uploads=packed.uploads)
        with self.world.front.behind(self.clients), spoken(REGION):
            return planned(self._account(), wanted, self.notes, self._now)

    def destroy(self, *, with_data: bool = False) -> Left:
        """`destroy`."""
        with self.world.front.behind(self.clients), spoken(REGION):
            removal = Removal(self._account(), self.options.name, self.notes)
            return removal.destroy(with_data=with_data)

    def _account(self) -> Account:
        return account(self.clients, REGION, self.world.front.wait)

    def _now(self) -> datetime:
        return NOW + timedelta(seconds=self.world.front.ever)
