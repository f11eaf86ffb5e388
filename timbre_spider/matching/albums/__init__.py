"""Which album is meant: its key, its editions, discs, pressings and dates."""
