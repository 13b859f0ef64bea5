"""Typed citations and reference lists: found in plain text, without the help of any reference manager."""
