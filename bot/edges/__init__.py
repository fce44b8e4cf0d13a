"""Where the bot meets the world; each edge turns one vendor into a port of `bot.ports`."""
