"""The database of the storage tests."""

from tests.storage.conftest import database, empty_database, migrated, postgres_server, schema

__all__ = ["database", "empty_database", "migrated", "postgres_server", "schema"]
