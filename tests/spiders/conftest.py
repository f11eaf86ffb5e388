"""Where stages are tried."""

from tests.pipelines.conftest import bench

__all__ = ["bench"]
