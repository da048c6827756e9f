"""What is proved of a library before it is published.

One file a check, one line each in the registry.
"""
