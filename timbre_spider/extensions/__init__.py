"""What listens to the crawl: connections, run record, progress."""
