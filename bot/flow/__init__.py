"""Where ports meet: each file joins what one task needs, and decides nothing itself."""
