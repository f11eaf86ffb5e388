"""What a name says: variants, guests, the plain title, and the keys under which spellings fall together."""
