"""Event logs of other systems: what their columns are, and the contacts they tell of."""
