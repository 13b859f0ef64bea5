"""Test doubles: servers that behave as the real ones do."""
