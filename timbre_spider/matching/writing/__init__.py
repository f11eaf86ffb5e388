"""How names are written: letters, numbers and words, and slips of the fingers. Knows nothing of songs."""
