"""Use cases: load, let the domain decide, commit state, audit, feed and outgoing messages in one transaction."""
