"""Stands in for all outside services, to run without keys and to test. Knows nothing of the code that reads it."""

from .options import SandboxOptions
from .serve import Sandbox, serve

__all__ = ["Sandbox", "SandboxOptions", "serve"]
