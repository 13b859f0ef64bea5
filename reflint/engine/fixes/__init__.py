"""The fix primitives that rules name."""

from reflint.engine.fixes import generic

__all__ = ["generic"]
