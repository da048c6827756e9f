"""Print the API's OpenAPI description, as docs/reference/openapi.json holds it."""

from __future__ import annotations

import sys

from api.openapi import as_text

if __name__ == "__main__":
    sys.stdout.write(as_text())
