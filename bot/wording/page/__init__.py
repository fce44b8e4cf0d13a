"""The page for people: the forecast of one share, readable on a phone, without any script.

    Outlook + Board ──page()──▶ HTML    refusal ──sorry()──▶ HTML    OpenAPI ──reference()──▶ HTML

Pure: strings in, strings out.  Every text that is not ours goes through `escape`.  The sentences of
the chat are used where there are any; Telegram's little HTML is HTML too.
"""
