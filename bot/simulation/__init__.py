"""A virtual company: the real rules and services on a virtual clock, with simulated customers, staff and troubles.

Only time, people and the engine are made up here. What happens to a message, a case or a promise is decided by the same
services that run in production, over the store in memory.
"""
