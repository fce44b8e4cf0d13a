"""Fechamento: forecasts the closing price of B3 shares in Telegram."""
