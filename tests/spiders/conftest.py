"""The database fixtures of the storage tests, and where stages are tried."""

from tests.pipelines.conftest import bench, database, empty_database, migrated, postgres_server, schema

__all__ = ["bench", "database", "empty_database", "migrated", "postgres_server", "schema"]
