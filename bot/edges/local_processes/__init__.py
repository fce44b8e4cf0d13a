"""The stand-ins of this machine: processes of our own that live and die with the bot."""

from bot.edges.local_processes.keeping import ChatDied
from bot.edges.local_processes.running import LocalProcess, ProcessNotReady
from bot.edges.local_processes.stand_ins import (
    LOCAL_ENDPOINT,
    LOCAL_TOKEN,
    LocalChat,
    ServingNotInstalled,
    StandIns,
)

__all__ = [
    "LOCAL_ENDPOINT",
    "LOCAL_TOKEN",
    "ChatDied",
    "LocalChat",
    "LocalProcess",
    "ProcessNotReady",
    "ServingNotInstalled",
    "StandIns",
]
