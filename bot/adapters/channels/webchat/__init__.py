"""The web chat: our own page and widget."""
