"""Who is who: pure functions from names and numbers to keys, comparisons, choices and identities."""
