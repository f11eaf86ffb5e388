"""The live services held against what our readers and the sandbox believe of them; for who has keys, never in CI."""
