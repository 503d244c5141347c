"""The engine as the use cases know it, over loopback HTTP."""

from bot.adapters.engine.client import HttpEngine

__all__ = ["HttpEngine"]
