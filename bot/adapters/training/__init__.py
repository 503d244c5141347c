"""Trained models: their files, their signatures."""
