"""Tests; a package so that no dependency's stray `tests` is imported in its place."""
