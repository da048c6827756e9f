"""Remembers: the store, the use cases, actions and timers, customers and tickets, settings, wiring."""
