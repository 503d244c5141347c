"""Failures inside the engine, named by what the caller does about them."""


class ActionServerFailure(Exception):
    """The action server did not do its part: not reachable, too slow, an exception, or a malformed answer."""


class UnusableDialogue(Exception):
    """An incoming dialogue state that cannot be continued: begin afresh."""


class BadModel(Exception):
    """A model that cannot be served; the message says why in one line."""
