"""Stands in for all outside services, for running with no keys and for tests. Knows nothing of the code that reads it."""

from .options import SandboxOptions
from .serve import Sandbox, serve

__all__ = ["Sandbox", "SandboxOptions", "serve"]
