"""Stand-ins that let everything run on one laptop, strict where the real services are strict."""
