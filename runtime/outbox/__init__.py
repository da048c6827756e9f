"""Automated actions: asked for by a committed turn, attempted until they have an outcome."""
