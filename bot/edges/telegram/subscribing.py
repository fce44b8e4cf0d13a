"""Subscriptions in conversation: /assinar, /assinaturas, /cancelar and the buttons below them.

A press shows the list as it is after it, in the place of the message that was pressed, so no
button depends on what an older message said.  Rights are those of who presses, not of who asked.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.domain.subscriptions import Misread, read_cancellation, read_request, readable
from bot.domain.tickers import parse_ticker
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.commands import typing_shown
from bot.edges.telegram.guarded import Guarded, Refusals
from bot.edges.telegram.members import Members
from bot.edges.telegram.parts import NEW, Built, kind_of, place_of
from bot.errors import UnknownTicker
from bot.flow.pushes.subscribing import Subscribing
from bot.wording import subscription_buttons as buttons
from bot.wording import subscriptions as wording
from bot.wording.subscription_buttons import Press, Verb

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

LINKED = r"^/start(?:@\w+)? assinar_([A-Za-z0-9]+)(?:_([0-9]{4}))?$"
"""What a link `t.me/<bot>?start=assinar_ITUB4_0900` types; the hour can be left out."""

REFUSALS = Refusals(wording.ADMINS_ONLY, wording.UNAVAILABLE, wording.TOO_OLD)


@dataclass(frozen=True, slots=True)
class SubscriptionCommands:
    """The part of the conversation that subscribes."""

    subscribing: Subscribing
    answers: Answers
    members: Members

    def register(self, built: Built) -> None:
        """Answer the three commands, the links that subscribe, and the buttons."""
        linked = CommandHandler("start", self.linked, filters=NEW & filters.Regex(LINKED))
        built.add_handler(linked)
        for name, method in (
            ("assinar", self.assinar),
            ("assinaturas", self.assinaturas),
            ("cancelar", self.cancelar),
        ):
            built.add_handler(CommandHandler(name, method, filters=NEW))
        built.add_handler(CallbackQueryHandler(self.pressed, rf"^{buttons.PREFIX}:"))
        built.add_handler(CallbackQueryHandler(self.below, rf"^{buttons.BELOW}:"))

    async def assinar(self, update: Update, context: Context) -> None:
        """/assinar [papel …] [hora]: send the forecast on every session day."""
        await self._subscribe(update, " ".join(context.args or []))

    async def linked(self, update: Update, context: Context) -> None:
        """/start assinar_ITUB4_0900, which a link types: the same."""
        share, hour = (context.matches or [])[0].groups()
        await self._subscribe(update, f"{share} {hour[:2]}:{hour[2:]}" if hour else share)

    async def assinaturas(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/assinaturas: what is subscribed here, with the buttons that change it."""

        async def listed(message: Message) -> Content:
            place = place_of(message)
            return wording.listing(place, await self.subscribing.listed(place))

        await self._guarded.tell(update, listed)

    async def cancelar(self, update: Update, context: Context) -> None:
        """/cancelar [papel …|todas]: send it no more."""
        words = read_cancellation(" ".join(context.args or []))

        async def cancelled(message: Message) -> Content:
            place = place_of(message)
            if words == ():
                return await self._cancel_the_only_one(place)
            shares, others = readable(words or ())
            if words and not shares:
                return Content(wording.cancelled((), others))
            gone = await self.subscribing.cancel(place, shares)
            never = (*others, *(share for share in shares if share not in gone))
            return Content(wording.cancelled(gone, never))

        await self._guarded.change(update, cancelled)

    async def pressed(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """A button below the list, or below the answer to /assinar."""
        query = update.callback_query
        press = buttons.read_press((query and query.data) or "")

        async def done(message: Message) -> str:
            if press is None:
                return wording.TOO_OLD
            word, content = await self._carry_out(press, message)
            await self._guarded.show(message, content)
            return word

        await self._guarded.press(update, done)

    async def below(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """`Cancelar` below the day's message: the forecast stays, the button goes."""
        query = update.callback_query
        carried = (query and query.data) or ""

        async def cancelled(message: Message) -> str:
            try:
                share = parse_ticker(carried.removeprefix(f"{buttons.BELOW}:"))
            except UnknownTicker:
                return wording.TOO_OLD
            gone = await self.subscribing.cancel(place_of(message), (share,))
            with suppress(BadRequest):  # somebody else pressed it as well, or it is too old
                await message.edit_reply_markup(_without(message.reply_markup, carried))
            return wording.cancelled_below(share) if gone else wording.NOTHING_CANCELLED

        await self._guarded.press(update, cancelled)

    @property
    def _guarded(self) -> Guarded:
        return Guarded(self.answers, self.members, REFUSALS)

    async def _subscribe(self, update: Update, text: str) -> None:
        async def subscribed(message: Message) -> Content:
            request = read_request(text)
            if isinstance(request, Misread):
                return Content(wording.misread(request))
            async with typing_shown(message):
                done = await self.subscribing.subscribe(
                    place_of(message), kind_of(message), request
                )
            return wording.subscribed(done)

        await self._guarded.change(update, subscribed)

    async def _cancel_the_only_one(self, place: Place) -> Content:
        listed = await self.subscribing.listed(place)
        if len(listed.shares) != 1:
            return wording.choose_cancelled(place, listed)
        return Content(wording.cancelled(await self.subscribing.cancel(place, listed.shares), ()))

    async def _carry_out(self, press: Press, message: Message) -> tuple[str, Content]:
        """What a press is answered, and what stands in its message's place after it."""
        place, flow = place_of(message), self.subscribing
        if press.verb is Verb.HOURS:
            return "", wording.choose_hour(press.shares)
        word = ""
        if press.verb is Verb.CANCEL:
            word = wording.cancelled_now(await flow.cancel(place, press.shares))
        elif press.verb is Verb.HOUR:
            await flow.move(place, kind_of(message), press.shares, press.at)
            word = wording.moved(press.at)
        elif press.verb is Verb.SOUND:
            await flow.silence(place, silent=press.silent)
            word = wording.SILENT_NOW if press.silent else wording.SOUND_NOW
        listed = await flow.listed(place)
        gone = press.verb is not Verb.CANCEL and not listed.slots
        return wording.NOTHING_HERE if gone else word, wording.listing(place, listed)


def _without(markup: InlineKeyboardMarkup | None, carried: str) -> InlineKeyboardMarkup | None:
    """The same buttons but the one that was pressed."""
    rows = [
        [button for button in row if button.callback_data != carried]
        for row in (markup.inline_keyboard if markup else ())
    ]
    return InlineKeyboardMarkup(rows) if any(rows) else None
