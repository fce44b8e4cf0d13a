"""Trains, evaluates, exports and serves the forecasting network; never imported by the bot."""
