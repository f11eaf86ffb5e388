"""Why a run failed: the error its last line shows."""

from timbre_spider.errors import DatabaseUnreachable, TimbreError
from timbre_spider.how_many import how_many
from timbre_spider.storage.writer import Writer


class Failures:
    """Keeps the first error that made the run fail: what follows is mostly its consequence."""

    def __init__(self) -> None:
        self.first: TimbreError | None = None

    def add(self, error: TimbreError) -> None:
        """Remembers `error`, if none came before it."""
        self.first = self.first or error

    def add_unstored(self, writer: Writer) -> None:
        """Makes the run fail when songs had to be spooled. Called when the last stage has closed."""
        if writer.lost:
            self.add(
                DatabaseUnreachable(
                    f"The database went away, and {how_many(writer.lost, 'song')} could not be kept in "
                    f"{writer.spool_dir} either: make room on the disk and run again."
                )
            )
        if writer.spooled:
            self.add(
                DatabaseUnreachable(
                    f"The database went away: {how_many(writer.spooled, 'song is', 'songs are')} kept in "
                    f"{writer.spool_dir}, not stored. When it is back: timbre replay"
                )
            )
