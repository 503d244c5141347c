"""The outside world, as the use cases need it."""
