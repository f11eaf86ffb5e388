"""Stage 300: what ListenBrainz, Deezer and MusicBrainz know of a song, before anything scarce is asked."""

from timbre_spider.pipelines.open.stage import Open

__all__ = ["Open"]
