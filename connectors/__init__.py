"""Reaches out: one file per kind of automated action."""
