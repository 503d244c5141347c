"""Lễ Tân: a conversational front office."""
