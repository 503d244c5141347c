"""Starts, watches and stops the processes of the product on this machine."""
