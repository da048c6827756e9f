"""Where journeys are written: YAML read with its positions, checked, tested, drawn, and made into an engine's library."""
