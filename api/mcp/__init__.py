"""The door of language models: tools of the Model Context Protocol, each an operation of the API.

The protocol's library is an extra (`mcp`): without it there is no route, and nothing else is
missed. Only `api.mcp.door` knows the library. Source: decision 0040.
"""
