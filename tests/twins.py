"""How many random lives a comparison with a slow twin draws: TWIN_EXAMPLES, fewer where the JIT is off and slow."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TWIN = settings(
    max_examples=int(os.environ.get("TWIN_EXAMPLES", "100")), deadline=None, suppress_health_check=list(HealthCheck)
)
