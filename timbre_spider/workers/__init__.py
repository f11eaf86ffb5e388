"""Several workers on one queue in Redis: each piece of work is leased, and lost by nobody. Needs the extra `redis`."""
