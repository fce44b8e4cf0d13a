"""Several things that the leading process does at the same time, as one.

When one of them fails, the others end too and all are begun again a beat later: `Leading` sees to
that, and tells the operators.
"""

import asyncio

from bot.flow.replicas.leading import Act


def together(*acts: Act) -> Act:
    """Act in all of these ways until the event is set."""

    async def act(stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            for each in acts:
                group.create_task(each(stop))

    return act
