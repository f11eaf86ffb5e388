"""What to crawl: each spider yields requests and items, nothing else."""
