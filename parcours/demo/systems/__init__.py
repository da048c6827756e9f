"""The systems of the demonstration: small, made up, with a memory, over real HTTP on loopback."""
