"""Starts of every scenario with the parent killed at random moments: no orphan, no port kept, no file left.

python tests/long/uccisioni.py [TIMES] [SCENARIO…]
"""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from passerella.scenarios import SCENARIOS
from session.killing import killed

_LATEST = 2.5  # seconds: by then a quiet machine serves


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random()  # noqa: S311 - moments, not secrets
    bad = 0
    for scenario in sys.argv[2:] or SCENARIOS:
        began, before = time.monotonic(), bad
        for turn in range(times):
            moment = chance.uniform(0, _LATEST)
            with tempfile.TemporaryDirectory() as folder:
                left = killed(scenario, Path(folder) / "t", moment)
            if left:
                bad += 1
                print(f"{scenario}, giro {turn}, dopo {moment:.3f} s: {left}", flush=True)  # noqa: T201
        print(  # noqa: T201
            f"{scenario}: {times} giri in {time.monotonic() - began:.0f} s, {bad - before} con resti", flush=True
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
