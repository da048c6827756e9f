"""Walking a journey in the terminal, as an advisor would: no database, the same engine."""
