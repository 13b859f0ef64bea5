"""Bytes or JSON to Library and back, without loss. One module a format."""
