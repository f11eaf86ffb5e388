"""The service behind `timbre serve`: starts and watches runs, and tells what the database holds."""
