"""Zalo Official Account: signed webhooks in, the consultation message API out, one token pair between them."""
