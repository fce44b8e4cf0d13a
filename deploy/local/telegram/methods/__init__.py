"""The methods of the Bot API, each a function of the service and a call."""
