"""The engine: Rasa in an environment of its own, spoken to through one authenticated input channel.

Nothing here is imported by the front office; the two sides meet in the JSON of `engine.contract` only.
"""
