"""Rasa's own code, replaced where a turn loses its time.

Each module says what it replaces, why, and what stays equal.
"""
