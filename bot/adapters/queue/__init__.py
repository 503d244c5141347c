"""Durable queues and timers."""
