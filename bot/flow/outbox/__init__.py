"""From the outbox to the chats: one at a time, none lost."""
