"""Parcours over HTTP: thin routes, authentication, limits, problem details; no domain rule."""
