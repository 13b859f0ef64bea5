"""One file a format of output."""
