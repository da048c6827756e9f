"""The value stream of a journey as its walks made it: a line for each step, and the whole."""
