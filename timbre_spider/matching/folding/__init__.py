"""Which rows of a chart are one song, by which rule, and which spelling it bears."""
