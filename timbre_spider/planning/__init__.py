"""Which scarce call to Spotify comes next, given who waits and what may be asked: pure, without any I/O."""
