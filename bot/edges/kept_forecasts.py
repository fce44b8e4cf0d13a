"""The endpoint with a memory: the same closes are never forecast twice.

    windows ──those nobody asked about before──▶ one invocation ──▶ kept, the latest 512

A window's forecast stays the same until its bars change, which happens once a day; so people who
ask about the same share share one invocation, even while it is under way.  Failures are told to
all who wait and are not kept.  An asker who goes away takes nobody's answer along.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from bot.domain.closes import Window
from bot.domain.forecast import Steps
from bot.ports.forecasting import Endpoint

MOST_KEPT = 512
"""More than the shares that B3 lists and people ask about on one day."""

_Key = tuple[tuple[float, float | None, float | None], ...]
_Invocation = asyncio.Task[dict[_Key, Steps]]


class KeptForecasts:
    """Fulfils `bot.ports.forecasting.Endpoint` on top of another one; belongs to one event loop."""

    def __init__(self, endpoint: Endpoint, most: int = MOST_KEPT) -> None:
        self._endpoint = endpoint
        self._most = most
        self._invocations: OrderedDict[_Key, _Invocation] = OrderedDict()

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """Forecast the six sessions after each window, in their order; at most one invocation.

        Raises:
            ModelUnavailable: as the endpoint raised it.
            ModelRefused: as the endpoint raised it.
        """
        keys = [_key(window) for window in windows]
        self._ask_about(dict(zip(keys, windows, strict=True)))
        found = [self._invocations[key] for key in keys]
        self._forget_oldest()
        if found:
            await asyncio.wait(set(found))  # which cancels none of them when this asker goes away
        return [one.result()[key] for one, key in zip(found, keys, strict=True)]

    def _ask_about(self, windows: Mapping[_Key, Window]) -> None:
        new = {key: window for key, window in windows.items() if key not in self._invocations}
        if new:
            invocation = asyncio.create_task(self._invoke(new))
            invocation.add_done_callback(self._drop_failed)
            self._invocations.update(dict.fromkeys(new, invocation))
        for key in windows:
            self._invocations.move_to_end(key)

    async def _invoke(self, windows: Mapping[_Key, Window]) -> dict[_Key, Steps]:
        steps = await self._endpoint.steps(list(windows.values()))
        return dict(zip(windows, steps, strict=True))

    def _drop_failed(self, invocation: _Invocation) -> None:
        if (
            invocation.cancelled() or invocation.exception()
        ):  # looked at: asyncio need not report it
            for key in [key for key, one in self._invocations.items() if one is invocation]:
                del self._invocations[key]

    def _forget_oldest(self) -> None:
        while len(self._invocations) > self._most:
            self._invocations.popitem(last=False)


def _key(window: Window) -> _Key:
    return tuple((bar.close, _known(bar.high), _known(bar.low)) for bar in window.bars)


def _known(price: float) -> float | None:
    return None if price != price else price  # noqa: PLR0124, NaN: not equal to the NaN fetched next
