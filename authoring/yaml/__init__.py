"""Restricted YAML 1.2.

Read into plain data, refused with its place, found again by position, quoted where French breaks
it.
"""
