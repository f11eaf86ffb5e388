"""Stage 500: the album's scores, counts, genres and tags from Album of the Year."""

from timbre_spider.pipelines.aoty.stage import Aoty

__all__ = ["Aoty"]
