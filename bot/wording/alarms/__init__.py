"""Alarms in words: what happened, on one glance, in the operators' chat.

    Alarm ──alarm_message()──▶ 🔴 Em alarme: name · ONE sentence · where · since when · whose words
    Text  ──text_message()───▶ subject and body        Alarm, how long ──resolved()──▶ a brief OK

Telegram HTML, at most 4,096 UTF-16 units once parsed, and valid whatever the alarm says.
"""

from bot.wording.alarms.messages import alarm_message, resolved, text_message

__all__ = ["alarm_message", "resolved", "text_message"]
