"""One concern of a request or a response each."""
