"""The report of a period, for a committee: figures, charts, definitions; and spreadsheets."""
