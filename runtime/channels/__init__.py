"""Turns of a conversation on any channel: a message in, what to send back out."""
