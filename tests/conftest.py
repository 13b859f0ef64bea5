"""Settings of the whole test run."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadlines: how fast a machine is decides no test. `HYPOTHESIS_PROFILE=thorough` looks fifty times as long.
settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
