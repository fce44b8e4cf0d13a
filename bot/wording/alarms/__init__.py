"""Alarms in words: what happened, on one glance, in the operators' chat.

    Alarm ──alarm_message()──▶ 🔴 Em alarme: name · ONE sentence · where · since when · whose words
    Text  ──text_message()───▶ subject and body        Alarm, how long ──resolved()──▶ a brief OK
    Kept  ──posting()────────▶ the same with what became of it, and buttons; many as a digest

Telegram HTML, at most 4,096 UTF-16 units once parsed, and valid whatever the alarm says.
"""

from bot.wording.alarms.digests import overview, pages
from bot.wording.alarms.messages import alarm_message, resolved, text_message
from bot.wording.alarms.postings import late, over, posting
from bot.wording.alarms.remarks import confirmed, unconfirmed, unsubscribed

__all__ = [
    "alarm_message",
    "confirmed",
    "late",
    "over",
    "overview",
    "pages",
    "posting",
    "resolved",
    "text_message",
    "unconfirmed",
    "unsubscribed",
]
