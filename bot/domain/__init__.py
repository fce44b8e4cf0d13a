"""What the bot decides: pure functions of data, time and randomness given as arguments."""
