"""Whether two descriptions are of one recording: a score, a tier, the reason; choosing and clustering by it."""
