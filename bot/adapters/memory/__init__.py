"""The store in memory: every port of `bot.services.ports`, in one process, without a database.

It is the second implementation of the ports. The contract tests run over both, and the simulator runs a company's years
on this one. Transactions come one after another and roll back by an undo log; time is whatever the clock says.
"""
