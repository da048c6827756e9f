"""Samples of contacts for trained listeners: drawn, shown, rated, and what they come to."""
