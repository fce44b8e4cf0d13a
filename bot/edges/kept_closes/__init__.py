"""What a source of closes gave before: in memory while it is fresh, on disk for bad days."""

from bot.edges.kept_closes.memory import KeptCloses

__all__ = ["KeptCloses"]
