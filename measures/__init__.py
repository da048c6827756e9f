"""Every figure, defined once: each card, table, answer and export reads it here."""
