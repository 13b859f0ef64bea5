"""Checking beyond one machine: folders of any size on a Dask cluster, resumable shard by shard; groups of duplicates.

The only room that knows Dask and Arrow. Data flows files -> parts (ranges and whole files) -> tasks on workers ->
shards in a folder -> manifest; the keys of all shards -> Dask's shuffle -> groups.
"""

from reflint.scale.api import check
from reflint.scale.running import Outcome, carry_out

__all__ = ["Outcome", "carry_out", "check"]
