"""Remembers: the store, use cases, actions and timers, customers and tickets, settings."""
