"""Files of customers: what their columns are, what becomes of their rows, how good they are."""
