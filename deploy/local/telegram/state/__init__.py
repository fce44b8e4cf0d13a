"""What the stand-in knows: chats, messages, files, updates that wait, and who hears of them."""
