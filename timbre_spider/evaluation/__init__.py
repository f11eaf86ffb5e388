"""Measuring: labelled files read, matched, and held against their labels."""
