"""Puts the bot somewhere: on this laptop (`deploy.local`) or on AWS."""
