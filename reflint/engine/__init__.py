"""Rules over records."""
