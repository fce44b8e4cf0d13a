"""The strict local chat with a crowd in it, and calls that fail: `… BEGINS UPDATES`.

People write, press, ask inline, block and come back; no more than some of them wait for an answer
at once, so that the bot is kept busy and never buried.  In every hundred updates one failure of
each kind is ordered, spread out: the same answer never meets the same failure twice, as it would
not in life.  What a chat would remember for ever is forgotten here.
"""

import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.edges.local_processes import LOCAL_TOKEN
from deploy.local.server import serving
from deploy.local.telegram.app import create_app
from deploy.local.telegram.faults import Fault
from deploy.local.telegram.service import Service
from deploy.local.telegram.state import people
from deploy.local.telegram.state.chats import Chat
from tests.bench.soak_process import Clock

PEOPLE, GROUPS = 2_000, 20
AT_ONCE = 96
PATIENCE = 60.0
"""Seconds after which an answer counts as lost and its asker goes on."""
REMEMBERED = 12
"""Messages that a chat keeps, so that it is the bot's memory that is measured."""
STEP = 100
APART = 15
"""Updates between seeing that a failure has happened and ordering the next of its kind."""
POLLS_FAIL_EVERY = 50
"""Steps; a failing poll costs the bot a second."""

SHARES = ("ITUB4", "PETR4", "VALE3", "BBAS3", "ABEV3", "WEGE3", "B3SA3", "GGBR4")
HOURS = ("", " 08:30", " 9h", " 16:30", " 25:00")
MARKUP = "Bad Request: can't parse entities: unsupported start tag"
FAULTS = (
    Fault("sendMessage", status=400, description=MARKUP),
    Fault("sendPhoto", status=429, retry_after=1),
    Fault("sendPhoto", status=502),
    Fault("sendPhoto", drop=True),
    Fault("sendPhoto", delay=0.2),
)
POLL_FAULTS = (
    Fault("getUpdates", status=502),
    Fault("getUpdates", drop=True),
    Fault("getUpdates", status=429, retry_after=1),
)


@dataclass(slots=True)
class Waiting:
    """Somebody who waits for an answer."""

    chat: Chat
    answered: Callable[[], bool]
    since: float


@dataclass(slots=True)
class Crowd:
    """Everybody in the local chat."""

    service: Service
    dice: random.Random
    waiting: deque[Waiting] = field(default_factory=deque)
    told: Counter[str] = field(default_factory=Counter)
    blocked: deque[Chat] = field(default_factory=deque)
    used_up: bool = False

    async def live(self, updates: int) -> None:
        """Bring about so many updates, telling how many there have been."""
        first, done = self.service.updates.next_id, 0
        while done < updates:
            while self._crowded():  # noqa: ASYNC110 -- the stand-in tells nobody what it hears
                await asyncio.sleep(0.002)
            self._act()
            before, done = done, self.service.updates.next_id - first
            if done > before:
                self._order_fault(done)
            if done // STEP > before // STEP:
                say({"typed": done})
                await asyncio.sleep(0)
        while self._crowded(0):  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.01)
        say({"done": self.told})

    def _crowded(self, most: int = AT_ONCE) -> bool:
        now = time.monotonic()
        for one in tuple(self.waiting):
            if one.answered():
                self.told["answered"] += 1
            elif one.chat.blocked:
                self.told["left"] += 1
            elif one.since + PATIENCE < now:
                self.told["never answered"] += 1
            else:
                continue
            self.waiting.remove(one)
        return len(self.waiting) > most

    def _order_fault(self, done: int) -> None:
        place, rest = divmod(done % STEP, STEP // len(FAULTS))
        if rest == 0 and place < len(FAULTS):
            self.used_up = FAULTS[place] not in self.service.faults.waiting
        elif rest == APART and self.used_up:  # whoever met the last one has tried again since
            self.service.faults.waiting.append(FAULTS[place])
        if done % (POLLS_FAIL_EVERY * STEP) == 0:
            self.service.faults.waiting.append(self.dice.choice(POLL_FAULTS))

    def _act(self) -> None:
        deeds, weights = zip(*_DEEDS, strict=True)
        self.dice.choices(deeds, weights)[0](self)

    def _somebody(self) -> Chat:
        return people.chat_of(self.service, self.dice.randrange(1, PEOPLE + 1))

    def write(self, chat: Chat, text: str, by: int) -> None:
        """Write, and wait for what the bot says in that chat."""
        try:
            said = people.write(
                self.service, chat, self.service.chats.person(by), people.Writing(text)
            )
        except people.Impossible:  # they have blocked the bot
            return
        for old in list(chat.messages)[:-REMEMBERED]:
            del chat.messages[old]
        if chat.is_private or text.startswith("/"):
            number = said.message_id
            self.waiting.append(Waiting(chat, lambda: chat.last_id > number, time.monotonic()))

    def ask(self) -> None:
        """Ask for a forecast in a private chat."""
        share = self.dice.choice(SHARES)
        text = self.dice.choice([f"/hoje {share}", f"/hoje {share}", f"/proximos {share}", share])
        chat = self._somebody()
        self.write(chat, text, chat.id)

    def say(self) -> None:
        """Write anything else to the bot."""
        share = self.dice.choice(SHARES)
        text = self.dice.choice(
            [
                *(f"/assinar {share}{self.dice.choice(HOURS)}", "/assinaturas", "/cancelar"),
                *(f"/cancelar {share}", "/privacidade", "/apagar", "/ajuda", "/sobre", "/start"),
                *(f"/start {share}", f"/start assinar_{share}_0900", f"/placar {share}"),
                *("bom dia", "/nada", f"/hoje {self._invented()}", "a" * 4_096, "<b>&\u202e"),
            ]
        )
        chat = self._somebody()
        self.write(chat, text, chat.id)

    def _invented(self) -> str:
        return "".join(self.dice.choices("XYZKW", k=4)) + "3"

    def chatter(self) -> None:
        """Write in a group, to the bot or past it."""
        chat = people.chat_of(self.service, -self.dice.randrange(1, GROUPS + 1))
        text = self.dice.choice([*("oi", "e aí?", "ITUB4", "kkk", "bom dia") * 5, "/hoje ITUB4"])
        self.write(chat, text, self.dice.randrange(1, PEOPLE + 1))

    def press(self) -> None:
        """Press some button of the newest message that has any."""
        chat = self._somebody()
        for message in reversed(chat.messages.values()):
            rows = message.keyboard["inline_keyboard"] if message.keyboard else []
            found = [button["callback_data"] for row in rows for button in row]
            if found and not chat.away:
                self._pressed(chat, message.message_id, self.dice.choice(found))
                return

    def _pressed(self, chat: Chat, message_id: int, data: str) -> None:
        by = self.service.chats.person(chat.id)
        number = people.press(self.service, chat, by, message_id, data)
        pressed = self.service.queries.pressed
        self.waiting.append(Waiting(chat, lambda: pressed[number].answered, time.monotonic()))

    def inline(self) -> None:
        """Type the bot's name and a share in some other chat."""
        query = self.dice.choice([*SHARES, "IT", "", "nada"])
        people.ask_inline(self.service, self.service.chats.person(1), query, "")

    def come_or_go(self) -> None:
        """Ask and block the bot before it answers, which is then refused; or let it in again."""
        chat = self._somebody()
        person = self.service.chats.person(chat.id)
        if len(self.blocked) > PEOPLE // 20:
            people.block(self.service, self.blocked.popleft(), person, blocked=False)
        elif not chat.blocked:
            people.write(self.service, chat, person, people.Writing("/hoje"))
            people.block(self.service, chat, person, blocked=True)
            self.blocked.append(chat)


_DEEDS: tuple[tuple[Callable[[Crowd], None], int], ...] = (
    (Crowd.chatter, 40),
    (Crowd.ask, 28),
    (Crowd.say, 12),
    (Crowd.press, 10),
    (Crowd.inline, 5),
    (Crowd.come_or_go, 5),
)


def say(what: dict[str, object]) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(begins: str, updates: str) -> None:
    """Serve the chat until standard input ends; the crowd begins when the bot listens."""
    clock, over = Clock(datetime.fromisoformat(begins)), asyncio.Event()
    signal.signal(signal.SIGUSR1, clock.turn)
    app = create_app(clock=clock, token=LOCAL_TOKEN, limits=None)
    service: Service = app.state.service
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), over.set)
    async with serving(app, 0, service.close) as address:
        say({"listening": address})
        while not service.is_connected:  # noqa: ASYNC110 -- the stand-in tells nobody when
            await asyncio.sleep(0.05)
        for group in range(-GROUPS, 0):
            chat = Chat(group, kind="supergroup", title="Ops", admins=frozenset({1}))
            service.chats.by_id[group] = chat
        living = asyncio.create_task(Crowd(service, random.Random(1)).live(int(updates)))
        await over.wait()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
