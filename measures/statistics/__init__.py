"""The formulas of the figures: pure functions, each with its source."""
