"""A stand-in for Telegram's Bot API, and the chat page in front of it.

bot_side, people_side ── over HTTP ──▶ methods, what people do ──▶ state
formatting: what marks a text, as Telegram reads it      page: the chat in the browser
"""
