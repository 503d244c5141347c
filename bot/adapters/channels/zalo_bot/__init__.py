"""Zalo Bot Platform: a thin second adapter; another product than the Official Account, with a static token."""
