"""What is sent unasked: subscriptions, the day's slots, and what makes them ready."""
