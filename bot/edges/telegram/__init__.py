"""Telegram, through python-telegram-bot: what is typed and pressed, and how answers get back.

update ─▶ commands ─▶ flow ─▶ answers (pictures) ─▶ retries ─▶ Telegram
            └── whatever nobody foresaw ─▶ unexpected
"""
