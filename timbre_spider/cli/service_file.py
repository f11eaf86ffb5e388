"""Settings for psql that may not stand on its command line, in a file that only its user can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SERVICE = "timbre"


@contextmanager
def service_file(**settings: str) -> Iterator[Path]:
    """A connection service file [docs: libpq] with the service SERVICE; it is gone after the block."""
    with TemporaryDirectory(prefix="timbre-") as folder:
        path = Path(folder) / "pg_service.conf"
        path.touch(0o600)
        path.write_text("\n".join([f"[{SERVICE}]", *(f"{name}={value}" for name, value in settings.items()), ""]))
        yield path
