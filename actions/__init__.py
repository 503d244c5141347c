"""The dialogue: pure decisions over a tracker and the facts sent along with it, behind an action server."""
