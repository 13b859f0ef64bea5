"""Repairs of what a manuscript itself keeps: embedded records that no library holds, flags that protect nothing."""
