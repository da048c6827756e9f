"""Thresholds: bounds that a supervisor sets for a measure, and who is told when it crosses one."""
