"""How the bot is: counted, measured, and told to the operators."""
