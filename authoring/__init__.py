"""Where journeys are written: YAML read with its positions, checked, tested and drawn.

What comes of it is the engine's library.
"""
