"""Step kinds."""
