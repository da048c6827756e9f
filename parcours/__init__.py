"""The command line: what a person types to check, play, draw, publish and serve journeys."""
