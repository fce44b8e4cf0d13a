"""Which alarms a deployment has.

The model's exist with every endpoint; the bot's only where this stack runs the bot, for an alarm on
a metric that nobody publishes would ring for ever.
"""

from deploy.stack import bot_alarms, model_alarms
from deploy.stack.alarms import Alarm
from deploy.stack.options import Bot, Options


def watch(options: Options) -> tuple[Alarm, ...]:
    """The alarms of this deployment, the gravest subject first."""
    model = (
        model_alarms.errors(options),
        model_alarms.latency(options),
        model_alarms.no_room(options),
    )
    if options.bot is Bot.NONE:
        return (*model, bot_alarms.lost())
    return (
        bot_alarms.heartbeat(options),
        *model,
        bot_alarms.nothing_served(options),
        bot_alarms.outbox(options),
        bot_alarms.closes(options),
        model_alarms.worse_than_naive(options),
        bot_alarms.unread(),
        bot_alarms.lost(),
        bot_alarms.disk(options),
    )
