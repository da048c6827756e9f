"""A whole service on each database, as the use cases' tests have it."""

from tests.runtime.conftest import clock, database, ids, open_shop

__all__ = ["clock", "database", "ids", "open_shop"]
