"""Alarms from the moment that they arrive until nobody has to think of them any more.

queue, HTTPS ─▶ Intake ─▶ kept and queued, in one transaction ─▶ the outbox's sender
Rounds, every few seconds: digests, reminders, edits, pictures      Desk: what operators press
"""
