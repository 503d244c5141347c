"""Lễ Tân: a conversational front office."""

VERSION = "0.1.0"
"""The same as in pyproject.toml; a test compares the two."""
