"""Marked text: three ways to write it, one way to keep it, one to show it."""
