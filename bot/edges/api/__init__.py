"""What is answered over HTTP: forecasts as JSON, a page for people, Telegram's webhook.

    request ─▶ envelope ─▶ answering ─▶ door (size, rate, key) ─▶ routes ─▶ kept answers ─▶ flow

FastAPI routes and documents; everything around it is plain ASGI, because it runs for each request.
"""
