"""Album of the Year: its pages as a crawler meets them, in the markup of May 2026 and, for some albums, before."""

from .service import Aoty

__all__ = ("Aoty",)
