"""A library's documents made into the engine's model, a part a file.

What cannot be built is left out with a finding.
"""
