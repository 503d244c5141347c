"""The dialogue: pure decisions over a tracker and the facts that the front office sent along, behind an action server."""
