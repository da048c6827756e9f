"""The form of a library's files, as JSON Schema that editors complete and check with."""

from __future__ import annotations

from authoring.schema.files import FILES, library_schemas

__all__ = ["FILES", "library_schemas"]
