"""The only place that speaks SQL: connect, migrate, load, recall, runs, reports, export."""
