"""The stages a song passes, one a file, in the order of ITEM_PIPELINES."""
