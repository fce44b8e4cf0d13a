"""What the flow needs from the world; edges fulfil it, wiring hands it over.

forecasting: closes, the model, the clock.   records: what the database keeps.   delivery: Telegram.
"""
